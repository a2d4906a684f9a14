using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Support.Http;
using ServiceProviderOcm.Tests.Support.Metrics;

namespace ServiceProviderOcm.Tests.Hostile;

/// <summary>A control plane that answers with another object than that of the request.</summary>
public sealed class ForeignAnswerTests
{
    private static readonly ObjectKey Key = new("n", "a");
    private static readonly KubeObject Manifest = KubeObject.Parse("""{"metadata":{"name":"a","namespace":"n"}}""");

    private static readonly Func<KubernetesApi, Task>[] Calls =
    [
        api => api.GetAsync(Kinds.ConfigMap, Key, default),
        api => api.ApplyAsync(Kinds.ConfigMap, Manifest, isForced: true, default),
        api => api.MergePatchAsync(Kinds.ConfigMap, Key, JsonElement.Parse("{}"), null, default),
        api => api.DeleteAsync(Kinds.ConfigMap, Key, new DeleteRequest(), default),
    ];

    [Test]
    public async Task An_answer_is_the_object_of_the_request(
        [Range(0, 3)] int call,
        [Values("""{"name":"b","namespace":"n"}""", """{"name":"a","namespace":"other"}""", """{"name":"a"}""", "{}")] string metadata)
    {
        using var server = new ScriptedServer((_, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent($$"""{"metadata":{{metadata}},"data":{"secret":"x"} }"""),
        }));
        var options = ClientOptions.ControlPlane with { MaxRetries = 0 };
        var api = new KubernetesApi("control plane", server, options, new FakeTimeProvider(), TestMetrics.Create().Requests);

        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => Calls[call](api));

        Assert.That(error!.Message, Does.EndWith(
            " configmaps n/a: the object in the response cannot be read: it is not the object of the request"));
    }
}
