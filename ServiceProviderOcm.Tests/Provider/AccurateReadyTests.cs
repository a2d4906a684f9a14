using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>Ready means that the chart is deployed, and every wait ends.</summary>
public sealed class AccurateReadyTests : ProviderFixture
{
    private static readonly JsonObject Catalog = new()
    {
        ["pollInterval"] = "1h",
        ["versions"] = new JsonArray(
            new JsonObject { ["version"] = "v1", ["chartVersion"] = "1.0.0", ["helmValues"] = new JsonObject { ["x"] = 1 } },
            new JsonObject { ["version"] = "v2", ["chartVersion"] = "2.0.0", ["helmValues"] = new JsonObject { ["x"] = 2 } }),
    };

    [Test]
    public async Task An_OCM_is_not_Ready_while_the_new_chart_is_pulled_and_the_old_one_is_installed()
    {
        await World.ConfigureAsync();
        World.StartController();
        var key = await World.ReadyTenantAsync();
        World.Flux.Installs.Close();

        await World.ApplyOcmAsync(key, "0.5.0");
        await FluxAsync(PlatformKinds.OciRepository, key, source =>
            source.Json.Text("status", "artifact", "revision")!.StartsWith("0.5.0@", StringComparison.Ordinal));
        var ocm = await World.SeesAsync(key, "HelmReleaseNotReady");

        Assert.That(ProviderWorld.Ready(ocm, "message"), Does.Contain("upgrade the chart"));
        var release = await World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(key), default);
        Assert.That(release.ReadyCondition.Text("status"), Is.EqualTo("True"), "of the old chart");
        World.Flux.Installs.Open();
        await World.ReadyAsync(key);
    }

    [Test]
    public async Task A_failed_upgrade_is_called_an_upgrade_in_one_line()
    {
        await World.ConfigureAsync();
        World.StartController();
        var key = await World.ReadyTenantAsync();
        World.Flux.FailureMessage = "values don't meet the specifications:\n- at '/manager': additional properties 'replica' not allowed\n";
        World.Flux.Behaviour = FluxBehaviour.FailHelm;

        await World.ApplyOcmAsync(key, "0.5.0");
        var ocm = await World.SeesAsync(key, "HelmReleaseFailed");

        Assert.That(ProviderWorld.Ready(ocm, "message"), Does.StartWith("Flux failed to upgrade the chart")
            .And.Contain("specifications: - at '/manager': additional properties 'replica' not allowed. A platform operator"));
    }

    [Test]
    public async Task Where_both_Flux_objects_change_the_HelmRelease_is_written_after_the_OCIRepository_is_Ready()
    {
        World.Flux.DependencyInterval = TimeSpan.FromMinutes(10);
        await World.ConfigureAsync(Catalog.DeepClone().AsObject());
        World.StartController();
        var key = World.Ocm();
        await World.ControlPlaneAsync(key);
        await World.ApplyOcmAsync(key, "v1");
        await World.ReadyAsync(key);
        World.Flux.Pulls.Close();

        await World.ApplyOcmAsync(key, "v2");
        await FluxAsync(PlatformKinds.OciRepository, key, source => source.Json.Text("spec", "ref", "tag") == "2.0.0");
        await World.SeesAsync(key, "OCIRepositoryNotReady");
        var release = await World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(key), default);
        Assert.That(release.Json.At("spec", "values")!.Value.GetRawText(), Is.EqualTo("""{"x":1}"""));
        World.Flux.Pulls.Open();

        await World.ReadyAsync(key);
        release = await World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(key), default);
        Assert.That(release.Json.At("spec", "values")!.Value.GetRawText(), Is.EqualTo("""{"x":2}"""));
        Assert.That(
            (await World.Onboarding.Api.ListAllAsync(Kinds.Event)).Where(each => each.Json.Text("regarding", "namespace") == key.Namespace)
                .Select(each => each.Json.Text("reason")),
            Has.None.EqualTo("HelmReleaseFailed"));
    }

    [Test]
    public async Task An_AccessRequest_that_nobody_finalizes_becomes_a_failure_without_any_event()
    {
        await World.ConfigureAsync();
        World.StartController(new ControllerOptions { WaitTimeout = TimeSpan.FromSeconds(2) });
        var key = await World.ReadyTenantAsync();
        World.ClusterProvider.Behaviour = ClusterProviderBehaviour.Ignore;

        await World.DeleteOcmAsync(key);
        var ocm = await World.SeesAsync(key, "AccessRequestDeletionOverdue");

        Assert.That(ocm.Json.Text("status", "phase"), Is.EqualTo("Terminating"));
        Assert.That(ProviderWorld.Ready(ocm, "message"), Does.Contain(ClusterProviderStandIn.Finalizer).And.Contain("--type=merge"));
        await World.EventAsync(key, "AccessRequestDeletionOverdue");

        // The command of the message.
        await World.Platform.Api.MergePatchAsync(
            PlatformKinds.AccessRequest, World.AccessRequest(key), new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } });
        await World.GoneAsync(key);
    }

    [Test]
    public async Task A_Flux_that_does_nothing_is_reported_after_the_limit()
    {
        World.Flux.Behaviour = FluxBehaviour.Silent;
        await World.ConfigureAsync();
        World.StartController(new ControllerOptions { WaitTimeout = TimeSpan.FromSeconds(1) });
        var key = World.Ocm();
        await World.ControlPlaneAsync(key);
        await World.ApplyOcmAsync(key);

        var ocm = await World.SeesAsync(key, "OCIRepositoryOverdue");

        Assert.That(ProviderWorld.Ready(ocm, "message"), Does.Contain("source-controller").And.Contain("describe ocirepository"));
        World.Flux.Behaviour = FluxBehaviour.Normal;
        await World.ReadyAsync(key);
    }

    private Task FluxAsync(ResourceKind kind, ObjectKey ocm, Func<KubeObject, bool> condition) => Eventually.Async(
        () => World.Platform.Api.GetAsync(kind, ProviderWorld.FluxKey(ocm), default), condition, $"{kind.Kind} of {ocm} is as desired");
}
