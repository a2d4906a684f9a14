using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Peers.Charts;
using ServiceProviderOcm.Tests.Peers.Processes;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Peers;

/// <summary>The life of an OCM with real Flux, which installs a chart from a registry with a private CA and a password.</summary>
[NonParallelizable]
[Needs(Peer.SourceController, Peer.HelmController, Peer.Registry)]
public sealed class FluxCases() : ChartFixture(hasRealFlux: true)
{
    private static readonly ResourceKind Deployment = new("apps", "v1", "Deployment", "deployments", IsNamespaced: true);

    private static ObjectKey ConfigMap => new(ObjectNames.ToolkitNamespace, ChartPackage.ConfigMap);

    [Test]
    public async Task A_chart_is_installed_from_a_registry_with_a_private_CA_and_a_password()
    {
        await InstalledAsync();

        Assert.That(await InstalledVersionAsync(), Is.EqualTo(Older));
        Assert.That((await ReleaseAsync(Ocm)).Json.Items("status", "history").First().Number("version"), Is.EqualTo(1));
    }

    [Test]
    public async Task An_upgrade_and_a_downgrade_are_Ready_only_with_the_new_release()
    {
        await InstalledAsync();
        using var premature = new ReadyStates(World, Ocm, PrematureAsync);

        foreach (var version in new[] { Newer, Older, Newer })
        {
            await World.ApplyOcmAsync(Ocm, version);
            await ReadyAsync(World.Api, Ocm);
            Assert.That(await InstalledVersionAsync(), Is.EqualTo(version));
        }

        Assert.That(await premature.SeenAsync(), Is.Not.Empty.And.All.Null);
    }

    [Test]
    public async Task A_missing_tag_is_reported_and_recovers()
    {
        await InstalledAsync();

        await World.ApplyOcmAsync(Ocm, "9.9.9");
        var failed = await World.SeesAsync(Ocm, "OCIRepositoryFailed");
        Assert.That(ProviderWorld.Ready(failed, "message"), Does.Contain("MANIFEST_UNKNOWN").And.Not.Contain("\n"));

        await World.ApplyOcmAsync(Ocm, Newer);
        await ReadyAsync(World.Api, Ocm);
    }

    [Test]
    public async Task A_certificate_of_an_unknown_authority_is_reported()
    {
        await ConfigureAsync(config => config.Remove("caBundleRef"));
        await World.ControlPlaneAsync(Ocm);
        await World.ApplyOcmAsync(Ocm, Older);

        var failed = await World.SeesAsync(Ocm, "OCIRepositoryFailed");

        Assert.That(ProviderWorld.Ready(failed, "message"), Does.Contain("certificate signed by unknown authority"));
        await ConfigureAsync();
        await ReadyAsync(World.Api, Ocm);
    }

    [Test]
    public async Task Values_that_the_chart_rejects_fail_the_upgrade_in_one_line_and_recover()
    {
        await InstalledAsync();

        await ConfigureAsync(config => config["values"]!["manager"]!["replica"] = 2);
        var failed = await World.SeesAsync(Ocm, "HelmReleaseFailed");
        Assert.That(
            ProviderWorld.Ready(failed, "message"), Does.StartWith("Flux failed to upgrade the chart").And.Contain("replica").And.Not.Contain("\n"));

        await ConfigureAsync();
        await ReadyAsync(World.Api, Ocm);
    }

    [Test]
    public async Task A_Repository_of_a_user_blocks_the_deletion_and_nothing_is_left_afterwards()
    {
        await InstalledAsync();
        var repository = new ObjectKey("default", "users");
        await World.Mcp.Api.ApplyAsync(PlatformKinds.Repository, new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = repository.Namespace, ["name"] = repository.Name },
            ["spec"] = new JsonObject
            {
                ["interval"] = "1m",
                ["repositorySpec"] = new JsonObject { ["type"] = "OCIRegistry", ["baseUrl"] = "registry.example.com" },
            },
        });

        await World.DeleteOcmAsync(Ocm);
        await World.SeesAsync(Ocm, "RepositoriesExist");
        Assert.That(await InstalledVersionAsync(), Is.EqualTo(Older));

        await World.Mcp.Api.DeleteAsync(PlatformKinds.Repository, repository);
        await World.GoneAsync(Ocm);
        Assert.That(await World.Mcp.Api.FindAsync(Kinds.ConfigMap, ConfigMap), Is.Null);
        await Eventually.Async(() => World.LeftoversAsync(Ocm), left => left.Count == 0, "nothing is left on the platform cluster");
    }

    [Test]
    public async Task What_is_deleted_on_the_control_plane_is_restored()
    {
        await InstalledAsync();

        await World.Mcp.Api.DeleteAsync(Kinds.ConfigMap, ConfigMap);

        await Eventually.Async(
            async () => await World.Mcp.Api.FindAsync(Kinds.ConfigMap, ConfigMap) is not null, "drift detection restores it", LongTimeout);
    }

    [Test]
    [Needs(Peer.ControllerManager)]
    public async Task A_Deployment_that_is_deleted_on_the_control_plane_is_restored()
    {
        Peers.StartControllerManager();
        await ConfigureAsync(config => config["values"]!["manager"]!["deployed"] = true);
        await InstalledAsync();
        var key = new ObjectKey(ObjectNames.ToolkitNamespace, ChartPackage.Deployment);

        await World.Mcp.Api.DeleteAsync(Deployment, key);

        await Eventually.Async(async () => await World.Mcp.Api.FindAsync(Deployment, key) is not null, "drift detection restores it", LongTimeout);
    }

    private async Task<string?> InstalledVersionAsync() =>
        (await World.Mcp.Api.GetAsync(Kinds.ConfigMap, ConfigMap, default)).Json.Text("data", "version");
}
