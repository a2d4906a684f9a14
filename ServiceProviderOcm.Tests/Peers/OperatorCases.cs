using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Peers.Processes;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Peers;

/// <summary>Deployment by the real openmcp-operator.</summary>
[NonParallelizable]
[Needs(Peer.Operator)]
public sealed class OperatorCases : PeerFixture
{
    private DeployedByOperator? _provider;

    [SetUp]
    public async Task Start() => _provider = await DeployedByOperator.StartAsync(Peers, LongTimeout);

    [TearDown]
    public async Task Stop()
    {
        if (_provider is not null)
        {
            await _provider.DisposeAsync();
        }
    }

    [TestCase("ocm.services.openmcp.cloud", false)]
    [TestCase("ocm.services.open-control-plane.io", true)]
    public async Task The_operators_init_and_run_install_an_OCM(string group, bool isSetting)
    {
        var api = new ProviderApi(group);
        await World.ConfigureAsync();
        var spec = Spec();
        spec["verbosity"] = "DEBUG";
        if (isSetting)
        {
            spec["initCommand"] = new JsonArray("init", $"--api-group={group}");
            spec["runCommand"] = new JsonArray("run", $"--api-group={group}");
        }

        await DeployAsync(spec);
        await Eventually.Async(
            () => World.Platform.Api.GetAsync(PlatformKinds.ServiceProvider, ObjectKey.ClusterScoped(World.ProviderName), default),
            provider => provider.Json.Items("status", "resources").Any(resource => resource.Text("group") == group),
            "the kind is registered",
            LongTimeout);

        if (isSetting)
        {
            await World.Platform.Api.ApplyAsync(api.ProviderConfig, new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = World.ProviderName },
                ["spec"] = new JsonObject { ["chartURL"] = "registry.example.com/charts/toolkit" },
            });
        }

        await World.ControlPlaneAsync(Ocm);
        await World.Onboarding.Api.ApplyAsync(api.Ocm, new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = Ocm.Namespace, ["name"] = Ocm.Name },
            ["spec"] = new JsonObject { ["version"] = "0.3.0" },
        });
        await ReadyAsync(api, Ocm);
    }

    [Test]
    public Task Each_kind_of_change_runs_init_again_and_a_rolling_update_during_which_OCMs_stay_Ready() =>
        new OperatorScenario(World, _provider!).RunAsync();

    [Test]
    public async Task The_documented_uninstallation_leaves_nothing_of_the_provider()
    {
        await World.ConfigureAsync();
        await DeployAsync(Spec());
        await World.ReadyTenantAsync();

        await World.DeleteOcmAsync(Ocm);
        await World.GoneAsync(Ocm);
        var provider = ObjectKey.ClusterScoped(World.ProviderName);
        await World.Platform.Api.DeleteAsync(PlatformKinds.ServiceProvider, provider);
        await Eventually.Async(
            async () => await World.Platform.Api.FindAsync(PlatformKinds.ServiceProvider, provider) is null, "the operator finalizes it", LongTimeout);
        foreach (var pod in _provider!.Pods.Running)
        {
            await pod.Process.TerminateAsync();
        }

        var uninstallation = new Uninstallation(World, World.Api);
        await uninstallation.RunAsync();

        // The operator's own pod stays.
        Assert.That((await uninstallation.LeftAsync()).Where(name => !name.Contains(Peer.Operator, StringComparison.Ordinal)), Is.Empty);
    }

    private static JsonObject Spec() => new() { ["image"] = "registry.example.com/service-provider-ocm:1.0.0", ["runReplicas"] = 2 };

    private async Task DeployAsync(JsonObject spec)
    {
        var update = await _provider!.ApplyAsync(spec);
        Assert.That((update.InitCode, string.Join('\n', update.Init.Errors)), Is.EqualTo((0, "")));
    }
}
