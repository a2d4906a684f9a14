using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Tests.Faults;

/// <summary>What the controller does while a rollout is stalled, with a clock that is advanced.</summary>
[Category("Sandbox")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class StalledRolloutTests : IAsyncDisposable
{
    private const string AtCanary = """{ "canary": { "selector": { "matchLabels": { "stage": "canary" } } } }""";
    private const string AtMaxUnavailable = """{ "maxUnavailable": 1, "maxFailures": "100%" }""";

    // Longer than the progress deadline.
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(30);

    private readonly Trace _trace = new(null);
    private FaultWorld? _world;

    private FaultWorld World => _world!;

    private IReadOnlyList<ObjectKey> Ocms =>
        [World.Ocm, new ObjectKey(World.Ocm.Namespace, "mcp-03"), new ObjectKey(World.Ocm.Namespace, "mcp-04")];

    private IEnumerable<string> RequestsButWatches => _trace.Requests.Where(request => !request.StartsWith("watch ", StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        if (_world is not null)
        {
            await _world.DisposeAsync();
        }
    }

    [Test]
    public async Task A_pull_secret_that_is_rotated_meanwhile_reaches_all_tenants_and_nothing_else_is_written()
    {
        await StallAsync(AtCanary, "a canary has failed");

        var rotated = (await World.PullSecretAsync("second")).Text("data", ".dockerconfigjson");
        await World.SettleAsync(() => Ocms.All(ocm => Data(CopyOf(ocm)) == rotated));

        Assert.That(
            RequestsButWatches,
            Is.EquivalentTo(Ocms.Select(ocm => $"patch platform secrets {CopyOf(ocm)} #1")));
    }

    [TestCase(AtCanary, "a canary has failed")]
    [TestCase(AtMaxUnavailable, "1 OCMs are unavailable")]
    public async Task No_requests_are_sent_while_idle(string rollout, string cause)
    {
        await StallAsync(rollout, cause);

        await World.AdvanceAsync(Long);
        await World.SettleAsync();

        Assert.That(RequestsButWatches, Is.Empty);
    }

    [TestCase(AtCanary, "a canary has failed")]
    [TestCase(AtMaxUnavailable, "1 OCMs are unavailable")]
    public async Task A_restart_writes_nothing(string rollout, string cause)
    {
        await StallAsync(rollout, cause);

        World.Process.Die();
        await World.SettleAsync();

        Assert.That(RequestsButWatches.Where(request => !request.StartsWith("list ", StringComparison.Ordinal)), Is.Empty);
        Assert.That(ProviderConfig.Condition("Progressing").Text("message"), Does.Contain(cause));
    }

    private KubeObject ProviderConfig =>
        World.Platform.Find(World.Identity.Api.ProviderConfig, ObjectKey.ClusterScoped(World.Identity.ProviderName))!;

    private static ObjectKey CopyOf(ObjectKey ocm) =>
        new(PlatformNames.TenantNamespace(ocm.Namespace, ocm.Name), ObjectNames.SecretCopy(FaultWorld.PullSecret));

    private string? Data(ObjectKey secret) => World.Platform.Find(Kinds.Secret, secret)?.Text("data", ".dockerconfigjson");

    // The first OCM is the canary, and fails.
    private async Task StallAsync(string rollout, string cause)
    {
        _world = await FaultWorld.CreateAsync(_trace);
        World.Flux.StallsOn = release => release.Text("spec", "values", "level") == "bad";
        foreach (var ocm in Ocms)
        {
            await World.TenantAsync(ocm);
            await World.ApplyOcmAsync("0.3.0", ocm);
        }

        await World.Platform.Api.MergePatchAsync(Kinds.Namespace, ObjectKey.ClusterScoped(World.TenantNamespace), new JsonObject
        {
            ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["stage"] = "canary" } },
        });
        await ConfigureAsync("good", rollout);
        await World.StartAsync();
        await World.SettleAsync(() => ProviderConfig.Condition("Progressing").Text("reason") == "NewRevisionAvailable");

        await ConfigureAsync("bad", rollout);
        await World.SettleAsync(() => ProviderConfig.Condition("Progressing").Text("reason") == "ProgressDeadlineExceeded");
        await World.AdvanceAsync(Long);
        await World.SettleAsync();
        Assert.That(ProviderConfig.Condition("Progressing").Text("message"), Does.Contain(cause));
        _trace.Start();
    }

    private Task<KubeObject> ConfigureAsync(string level, string rollout) => World.ConfigureAsync(new JsonObject
    {
        ["chartURL"] = "registry.example.com/charts/toolkit",
        ["pollInterval"] = "24h",
        ["imagePullSecret"] = new JsonObject { ["name"] = FaultWorld.PullSecret },
        ["values"] = new JsonObject { ["level"] = level },
        ["rollout"] = JsonNode.Parse(rollout),
    });
}
