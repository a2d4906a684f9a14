using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>The status of the ProviderConfig, and its operation annotation.</summary>
/// <param name="create">Makes the world of a test.</param>
public abstract class ProviderConfigScenarios(Func<Task<ProviderWorld>> create) : WorldFixture(create)
{
    private static readonly string[] Names = ["mcp-01", "deleted", "new", "other"];

    [SetUp]
    public async Task Start()
    {
        await World.ConfigureAsync();
        World.StartController();
    }

    [Test]
    public async Task The_status_counts_OCMs_by_version_and_has_every_error()
    {
        await World.ReadyTenantAsync();
        await World.ApplyOcmAsync(World.Ocm("without-control-plane"), version: "0.4.0");

        var reported = await SeesAsync(config => Count(config, "total") == 2 && Count(config, "ready") == 1, "counts");
        Assert.That(
            reported.Json.Items("status", "versions").Select(version => string.Join(
                ' ',
                version.Text("version"),
                version.Text("chartVersion"),
                version.Number("total"),
                version.Number("ready"))),
            Is.EqualTo(["0.3.0 0.3.0 1 1", "0.4.0 0.4.0 1 0"]));
        Assert.That(Condition(reported, "Ready", "status"), Is.EqualTo("True"));
        await EventAsync("ConfigurationValid");

        await World.ConfigureAsync(new JsonObject
        {
            ["chartURL"] = "https://x",
            ["imagePullSecret"] = new JsonObject { ["name"] = "missing" },
        });
        reported = await SeesAsync(
            config => config.Json.Number("status", "observedGeneration") == config.Generation && Condition(config, "Ready", "status") == "False",
            "errors");
        Assert.That(
            Condition(reported, "Ready", "message"),
            Does.Contain("spec.chartURL ").And.Contain("spec.imagePullSecret.name is not usable: Secret "));
        await EventAsync("InvalidChartURL");
    }

    [Test]
    public async Task While_the_fleet_is_paused_nothing_is_written_for_any_OCM_and_a_deletion_waits()
    {
        await World.ReadyTenantAsync();
        var deleted = await World.ReadyTenantAsync("deleted");
        await World.OperateAsync("ignore");
        await SeesAsync(config => Condition(config, "Paused", "status") == "True", "the pause");
        await EventAsync("OperationIgnore");
        var (platform, onboarding) = (World.Platform.AuditLog.Mark(), World.Onboarding.AuditLog.Mark());

        await World.DeleteOcmAsync(deleted);
        await World.ControlPlaneAsync(World.Ocm("new"));
        await World.ApplyOcmAsync(World.Ocm("new"));
        await World.ApplyOcmAsync(Ocm, version: "0.4.0");
        await World.Platform.Api.MergePatchAsync(
            PlatformKinds.HelmRelease, ProviderWorld.FluxKey(Ocm), new JsonObject { ["spec"] = new JsonObject { ["suspend"] = true } });
        await SeesAsync(config => Count(config, "total") == 3, "the new OCM is counted");

        Assert.That(Writes(World.Onboarding, onboarding), Is.Empty);
        Assert.That(
            Writes(World.Platform, platform).Where(entry => entry.Resource != "providerconfigs" && entry.Namespace != "default"), Is.Empty);
        Assert.That(await World.LeftoversAsync(deleted), Is.Not.Empty);

        await World.OperateAsync(null);
        await World.GoneAsync(deleted);
        await World.ReadyAsync(World.Ocm("new"));
        await Eventually.Async(
            () => World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(Ocm), default),
            release => release.Json.At("spec", "suspend") is null,
            "drift is reverted");
        await SeesAsync(config => config.Condition("Paused").Text("type") is null, "the end of the pause");
    }

    [Test]
    public async Task A_deletion_waits_for_a_pause_also_after_a_restart()
    {
        var deleted = await World.ReadyTenantAsync();
        await World.OperateAsync("ignore");
        await SeesAsync(config => Condition(config, "Paused", "status") == "True", "the pause");
        await World.StopControllerAsync();
        await World.DeleteOcmAsync(deleted);
        var mark = World.Onboarding.AuditLog.Mark();
        World.StartController();
        await World.ApplyOcmAsync(World.Ocm("other"));
        await SeesAsync(config => Count(config, "total") == 2, "the other OCM is counted");

        Assert.That(Writes(World.Onboarding, mark), Is.Empty);
        Assert.That(await World.LeftoversAsync(deleted), Is.Not.Empty);
    }

    [Test]
    public async Task The_operation_reconcile_applies_everything_for_all_OCMs_and_is_removed()
    {
        var other = await World.ReadyTenantAsync("other");
        await World.ReadyTenantAsync();
        await SeesAsync(config => Count(config, "ready") == 2, "both are Ready");
        var mark = World.Platform.AuditLog.Mark();

        await World.OperateAsync("reconcile");
        await SeesAsync(config => !config.Annotations.ContainsKey(Operation.Annotation), "the annotation is removed");

        var applied = Writes(World.Platform, mark).Where(entry => entry is { Resource: "helmreleases", Verb: "patch" });
        Assert.That(
            applied.Select(entry => entry.Namespace).Order(),
            Is.EqualTo(new[] { ProviderWorld.TenantNamespace(Ocm), ProviderWorld.TenantNamespace(other) }.Order()));
    }

    [Test]
    public async Task Drift_detection_is_passed_to_the_HelmRelease_and_removed_again()
    {
        var setting = new JsonObject
        {
            ["mode"] = "enabled",
            ["ignore"] = new JsonArray(new JsonObject
            {
                ["paths"] = new JsonArray("/spec/replicas"),
                ["target"] = new JsonObject { ["kind"] = "Deployment" },
            }),
        };
        await World.ConfigureAsync(new JsonObject { ["driftDetection"] = setting.DeepClone() });
        await World.ReadyTenantAsync();
        var release = await World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(Ocm), default);
        Assert.That(JsonNode.DeepEquals(JsonObject.Create(release.Json.At("spec", "driftDetection")!.Value), setting), Is.True);

        await World.ConfigureAsync(new JsonObject());
        await Eventually.Async(
            () => World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(Ocm), default),
            found => found.Json.At("spec", "driftDetection") is null,
            "the setting is removed");
    }

    [Test]
    public async Task Conditions_of_other_managers_on_an_OCM_are_preserved()
    {
        await World.ReadyTenantAsync();
        var ocm = await World.Onboarding.Api.GetAsync(Api.Ocm, Ocm, default);
        var conditions = new JsonArray([.. ocm.Json.Items("status", "conditions").Select(condition => JsonObject.Create(condition))])
        {
            new JsonObject
            {
                ["type"] = "Theirs",
                ["status"] = "False",
                ["reason"] = "Why",
                ["message"] = "theirs",
                ["lastTransitionTime"] = "2026-01-01T00:00:00Z",
            },
        };
        await World.Onboarding.Api.MergePatchAsync(
            Api.Ocm, Ocm, new JsonObject { ["status"] = new JsonObject { ["conditions"] = conditions } }.ToElement(), "status", default);
        await World.ApplyOcmAsync(Ocm, version: "0.4.0");
        var upgraded = await World.ReadyAsync(Ocm);

        Assert.That(upgraded.Condition("Theirs").Text("message"), Is.EqualTo("theirs"));
        Assert.That(upgraded.Condition("Theirs").Text("lastTransitionTime"), Is.EqualTo("2026-01-01T00:00:00Z"));
        Assert.That(upgraded.Json.Text("status", "phase"), Is.EqualTo("Ready"));
    }

    private static long? Count(KubeObject config, string field) => config.Json.Number("status", "ocms", field);

    private static string? Condition(KubeObject config, string type, string field) => config.Condition(type).Text(field);

    private IEnumerable<AuditEntry> Writes(TestCluster cluster, long mark) => cluster.AuditLog.Since(mark)
        .Where(entry => entry.IsProviderWrite() && IsOwn(entry));

    // Other tests use the same servers.
    private bool IsOwn(AuditEntry entry) =>
        entry.Group == Api.Group || entry.Namespace == World.Workspace
        || Names.Any(name => entry.Namespace == ProviderWorld.TenantNamespace(World.Ocm(name)));

    private async Task<KubeObject> SeesAsync(Predicate<KubeObject> condition, string what) => await Eventually.Async(
        () => World.Platform.Api.GetAsync(Api.ProviderConfig, ObjectKey.ClusterScoped(World.ProviderName), default),
        config => condition(config),
        what);

    private Task EventAsync(string reason) => Eventually.Async(
        async () => (await World.Platform.Api.ListAllAsync(Kinds.Event)).Any(item =>
            item.Namespace is "default" or "kube-system"
            && item.Json.Text("regarding", "name") == World.ProviderName
            && item.Json.Text("reason") == reason),
        $"there is an Event {reason}");
}
