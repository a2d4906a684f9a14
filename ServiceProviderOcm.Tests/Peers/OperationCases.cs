using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Peers;

/// <summary>What operators and users do besides upgrades: operations of the ProviderConfig, conditions of others, blocked deletions.</summary>
/// <param name="hasRealFlux">Whether Flux is real, or its stand-in.</param>
public abstract class OperationCases(bool hasRealFlux) : ChartFixture(hasRealFlux)
{
    private const string Foreign = "example.com/theirs";
    private const string Version = "v1alpha1";

    private static readonly ResourceKind Component = new(PlatformKinds.ToolkitGroup, Version, "Component", "components");
    private static readonly ResourceKind Deployer = new(PlatformKinds.ToolkitGroup, Version, "Deployer", "deployers", IsNamespaced: false);

    private static readonly TimeSpan Overdue = TimeSpan.FromSeconds(5);

    private ObjectKey Config => ObjectKey.ClusterScoped(World.ProviderName);

    // Only what nobody acts on lasts longer: real Flux takes less than three times that for a chart of two objects.
    protected override ControllerOptions Options =>
        TestContext.CurrentContext.Test.MethodName == nameof(An_AccessRequest_that_nobody_finalizes_becomes_a_failure)
            ? new ControllerOptions { WaitTimeout = Overdue }
            : new ControllerOptions();

    [Test]
    public async Task A_paused_ProviderConfig_writes_nothing_and_a_deletion_waits()
    {
        await InstalledAsync();
        await World.OperateAsync(Operation.Ignore);
        await ConfigAsync(config => config.Condition("Paused").Text("status") == "True", "the pause");
        var before = await ManagedAsync(Ocm);

        await World.ApplyOcmAsync(Ocm, Newer);
        await World.DeleteOcmAsync(Ocm);
        await ConfigAsync(config => config.Json.Number("status", "ocms", "ready") == 0, "the count of Ready OCMs");

        Assert.That(await ManagedAsync(Ocm), Is.EqualTo(before));
        await World.OperateAsync(null);
        await World.GoneAsync(Ocm);
    }

    [Test]
    public async Task The_operation_reconcile_applies_everything_without_a_new_release_and_is_removed()
    {
        await InstalledAsync();
        var before = await ManagedAsync(Ocm);
        var release = (await ReleaseAsync(Ocm)).Json.Items("status", "history").First().Number("version");

        await World.OperateAsync("reconcile");

        await ConfigAsync(config => !config.Annotations.ContainsKey(Operation.Annotation), "the end of the operation");
        await ReadyAsync(World.Api, Ocm);
        Assert.That(await ManagedAsync(Ocm), Is.EqualTo(before));
        Assert.That((await ReleaseAsync(Ocm)).Json.Items("status", "history").First().Number("version"), Is.EqualTo(release));
    }

    [Test]
    public async Task The_status_of_the_ProviderConfig_counts_OCMs_by_version()
    {
        await InstalledAsync();

        var config = await ConfigAsync(found => found.Json.Number("status", "ocms", "ready") == 1, "the count of Ready OCMs");

        var version = config.Json.Items("status", "versions").Single();
        Assert.That(
            (config.Json.Number("status", "ocms", "total"), version.Text("version"), version.Number("total"), version.Number("ready")),
            Is.EqualTo(((long?)1, Older, (long?)1, (long?)1)));
        Assert.That(config.Json.Number("status", "observedGeneration"), Is.EqualTo(config.Generation));
        Assert.That(config.ReadyCondition.Text("status"), Is.EqualTo("True"));
    }

    [Test]
    public async Task A_condition_of_another_manager_survives_an_upgrade()
    {
        await InstalledAsync();
        var status = JsonNode.Parse((await World.Onboarding.Api.GetAsync(World.Api.Ocm, Ocm, default)).At("status")!.Value.GetRawText())!.AsObject();
        status["conditions"]!.AsArray().Add(new JsonObject
        {
            ["type"] = "Audited",
            ["status"] = "False",
            ["reason"] = "Theirs",
            ["message"] = "kept",
            ["lastTransitionTime"] = "2026-01-01T00:00:00Z",
        });
        await World.Onboarding.Api.MergePatchAsync(
            World.Api.Ocm, Ocm, new JsonObject { ["status"] = status }.ToElement(), "status", default);

        await World.ApplyOcmAsync(Ocm, Newer);
        var upgraded = await ReadyAsync(World.Api, Ocm);

        Assert.That(upgraded.Condition("Audited").Text("reason"), Is.EqualTo("Theirs"));
        Assert.That(upgraded.Json.Text("status", "phase"), Is.EqualTo("Ready"));
    }

    [Test]
    public async Task A_suspended_Deployer_and_a_Component_with_a_finalizer_block_the_deletion()
    {
        await World.Mcp.InstallCrdsAsync([Definition(Component), Definition(Deployer)]);
        await InstalledAsync();
        var deployer = await CreateAsync(Deployer, new JsonObject { ["suspend"] = true });
        var component = await CreateAsync(Component, finalizer: "finalizers.ocm.software/component");
        await World.Mcp.Api.DeleteAsync(Component, component);
        var before = await ManagedAsync(Ocm);

        await World.DeleteOcmAsync(Ocm);
        var blocked = await World.SeesAsync(Ocm, "UserResourcesPresent");

        Assert.That(blocked.Condition("DeletionBlocked").Text("status"), Is.EqualTo("True"));
        Assert.That(ProviderWorld.Ready(blocked, "message"), Does.StartWith("1 Component, 1 Deployer object(s)"));
        Assert.That(await ManagedAsync(Ocm), Is.EqualTo(before));
        await World.Mcp.Api.MergePatchAsync(Component, component, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } });
        await World.Mcp.Api.DeleteAsync(Deployer, deployer);
        await World.GoneAsync(Ocm);
    }

    [Test]
    public async Task An_AccessRequest_that_nobody_finalizes_becomes_a_failure()
    {
        await InstalledAsync();
        var key = World.AccessRequest(Ocm);
        var access = await World.Platform.Api.GetAsync(PlatformKinds.AccessRequest, key, default);
        await World.Platform.Api.MergePatchAsync(PlatformKinds.AccessRequest, key, Finalizers([.. access.Finalizers, Foreign]));

        await World.DeleteOcmAsync(Ocm);
        var overdue = await World.SeesAsync(Ocm, "AccessRequestDeletionOverdue");

        Assert.That(ProviderWorld.Ready(overdue, "message"), Does.Contain(Foreign).And.Contain($"patch accessrequests.clusters.openmcp.cloud {key.Name}"));
        await World.Platform.Api.MergePatchAsync(PlatformKinds.AccessRequest, key, Finalizers(null));
        await World.GoneAsync(Ocm);

        static JsonObject Finalizers(IEnumerable<string>? names) => new()
        {
            ["metadata"] = new JsonObject
            {
                ["finalizers"] = names is null ? null : new JsonArray([.. names.Select(name => (JsonNode)name)]),
            },
        };
    }

    private Task<KubeObject> ConfigAsync(Predicate<KubeObject> condition, string what) => Eventually.Async(
        () => World.Platform.Api.GetAsync(World.Api.ProviderConfig, Config, default),
        config => condition(config),
        $"the ProviderConfig shows {what}",
        LongTimeout);

    private async Task<ObjectKey> CreateAsync(ResourceKind kind, JsonObject? spec = null, string? finalizer = null)
    {
        var metadata = new JsonObject { ["name"] = "users" };
        if (kind.IsNamespaced)
        {
            metadata["namespace"] = "default";
        }

        if (finalizer is not null)
        {
            metadata["finalizers"] = new JsonArray(finalizer);
        }

        return (await World.Mcp.Api.ApplyAsync(kind, new JsonObject { ["metadata"] = metadata, ["spec"] = spec ?? [] })).Key;
    }

    // As the chart of the toolkit installs it.
    private static JsonObject Definition(ResourceKind kind) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = $"{kind.Plural}.{kind.Group}" },
        ["spec"] = new JsonObject
        {
            ["group"] = kind.Group,
            ["scope"] = kind.IsNamespaced ? "Namespaced" : "Cluster",
            ["names"] = new JsonObject { ["kind"] = kind.Kind, ["plural"] = kind.Plural },
            ["versions"] = new JsonArray(new JsonObject
            {
                ["name"] = kind.Version,
                ["served"] = true,
                ["storage"] = true,
                ["schema"] = new JsonObject
                {
                    ["openAPIV3Schema"] = new JsonObject { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true },
                },
            }),
        },
    };
}
