using System.Text;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Kubernetes.Client;

/// <summary>Errors about a rejected Secret do not show its data.</summary>
[Category("RealServer")]
[NonParallelizable]
public sealed class RejectedSecretTests
{
    private const string Value = "the!hidden?value";

    private static readonly string Encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(Value));

    private static readonly TestCaseData[] Rejected =
    [
        Case("a value that is not base64", new JsonObject { ["data"] = new JsonObject { ["k"] = Value } }),
        Case("a value that is no text", new JsonObject { ["data"] = new JsonObject { ["k"] = new JsonArray(Value) } }),
        Case("data that are no map", new JsonObject { ["data"] = Value }),
        Case("a key that is not valid", new JsonObject { ["data"] = new JsonObject { ["not a key"] = Encoded } }),
        Case("another type", new JsonObject { ["data"] = new JsonObject { ["k"] = Encoded }, ["type"] = "example.com/other" }),
        Case("nonsense of a type", new JsonObject
        {
            ["data"] = new JsonObject { [".dockerconfigjson"] = Encoded },
            ["type"] = "kubernetes.io/dockerconfigjson",
        }),
        Case("a field that does not exist", new JsonObject { ["datum"] = new JsonArray(Value), ["type"] = 1 }),
    ];

    private TestCluster _cluster = null!;
    private RealApi? _real;

    [SetUp]
    public async Task Connect()
    {
        _cluster = (await TestClusters.GetAsync()).Platform;
        await _cluster.CleanAsync(Kinds.Secret);
        _real = new RealApi(_cluster);
        await _cluster.Api.ApplyAsync(Kinds.Secret, Secret("there", new JsonObject { ["type"] = "Opaque" }));
    }

    [TearDown]
    public void Disconnect() => _real?.Dispose();

    [TestCaseSource(nameof(Rejected))]
    public Task A_rejected_apply_of_a_Secret_does_not_show_its_data(string content) =>
        HidesAsync(api => api.ApplyAsync(Kinds.Secret, KubeObject.From(Secret("there", Parse(content))), isForced: true, default));

    [TestCaseSource(nameof(Rejected))]
    public Task A_rejected_patch_of_a_Secret_does_not_show_its_data(string content) => HidesAsync(
        api => api.MergePatchAsync(Kinds.Secret, new ObjectKey("default", "there"), KubeObject.From(Parse(content)).Json, null, default));

    [TestCaseSource(nameof(Rejected))]
    public Task A_rejected_creation_of_a_Secret_does_not_show_its_data(string content) =>
        HidesAsync(api => api.CreateAsync(Kinds.Secret, KubeObject.From(Secret("Not a name", Parse(content))), default));

    private static TestCaseData Case(string name, JsonObject content) => new TestCaseData(content.ToJsonString()).SetArgDisplayNames(name);

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    private static JsonObject Secret(string name, JsonObject content)
    {
        content["apiVersion"] = "v1";
        content["kind"] = "Secret";
        content["metadata"] = new JsonObject { ["namespace"] = "default", ["name"] = name };
        return content;
    }

    private async Task HidesAsync(Func<KubernetesApi, Task> request)
    {
        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => request(_real!.Api));

        await TestContext.Out.WriteLineAsync($"{error!.Code} {error.Message}");
        Assert.That(error.Code, Is.InRange(400, 599));
        Assert.That(error.ToString(), Does.Not.Contain("hidden").And.Not.Contain(Encoded));
    }
}
