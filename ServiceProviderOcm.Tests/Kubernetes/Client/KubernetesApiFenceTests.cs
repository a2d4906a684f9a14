using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Support.Http;
using ServiceProviderOcm.Tests.Support.Metrics;
using ServiceProviderOcm.Tests.Support.Time;

namespace ServiceProviderOcm.Tests.Kubernetes.Client;

/// <summary>A replica that may no longer write.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class KubernetesApiFenceTests
{
    private static readonly ResourceKind ConfigMap = new("", "v1", "ConfigMap", "configmaps");
    private static readonly ObjectKey Key = new("n", "a");
    private static readonly KubeObject Manifest = KubeObject.Parse(Answers.SomeObject);

    private readonly HurriedTime _time = new(TimeSpan.FromSeconds(10));
    private bool _mayWrite;

    [Test]
    public async Task Writes_that_are_not_allowed_fail_without_being_sent()
    {
        using var server = new ScriptedServer();
        var api = Api(server);
        Func<Task>[] writes =
        [
            () => api.ApplyAsync(ConfigMap, Manifest, isForced: true, default),
            () => api.MergePatchAsync(ConfigMap, Key, Manifest.Json, null, default),
            () => api.CreateAsync(ConfigMap, Manifest, default),
            () => api.DeleteAsync(ConfigMap, Key, new DeleteRequest(), default),
        ];

        foreach (var write in writes)
        {
            var error = await Assert.ThrowsAsync<KubernetesApiException>(() => write());
            Assert.That((error!.Code, error.Reason, error.IsTransient), Is.EqualTo((412, "NotLeading", false)));
        }

        Assert.That(server.Requests, Is.Empty);
    }

    [Test]
    public async Task Reads_are_sent_while_writes_are_not_allowed()
    {
        using var server = new ScriptedServer(Answers.Ok());

        Assert.That((await Api(server).GetAsync(ConfigMap, Key, default)).Key, Is.EqualTo(Key));
    }

    [Test]
    public async Task A_write_is_not_retried_once_writes_are_not_allowed()
    {
        _mayWrite = true;
        using var server = new ScriptedServer(
            (request, cancellationToken) =>
            {
                _mayWrite = false;
                return Answers.Error(503)(request, cancellationToken);
            },
            Answers.Ok());

        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => Api(server).ApplyAsync(ConfigMap, Manifest, isForced: true, default));

        Assert.That((error!.Code, server.Requests.Count), Is.EqualTo((412, 1)));
    }

    private KubernetesApi Api(ScriptedServer server) => new("here", server, ClientOptions.Default with { MayWrite = () => _mayWrite }, _time, TestMetrics.Create().Requests);
}
