using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Hostile;

/// <summary>Control planes that do not answer writes delay nobody else.</summary>
[Category("Sandbox")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SlowControlPlaneTests
{
    private static readonly ResourceKind[] OnControlPlane = [Kinds.Namespace, Kinds.Secret];

    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SandboxServers _servers = null!;
    private ProviderWorld _world = null!;
    private int _held;

    private SandboxCluster Slow => _servers.Clusters[3];

    [SetUp]
    public async Task StartAsync()
    {
        _servers = await SandboxServers.StartAsync(["platform", "onboarding", "mcp", "slow"]);
        await Slow.InstallCrdsAsync("repositories");
        _world = await ProviderWorld.OnAsync(
            new TestClusterSet(_servers, _servers.Clusters[0], _servers.Clusters[1], _servers.Clusters[2]));
        _world.KubeconfigOf = request => request.Name.Contains("slow", StringComparison.Ordinal) ? Slow.Kubeconfig() : null;
        _world.McpFaults.HoldWrites(_release.Task, request =>
        {
            var isSlow = request.RequestUri!.Port == Slow.Url.Port;
            _ = isSlow && Interlocked.Increment(ref _held) > 0;
            return isSlow;
        });
        await _world.PullSecretAsync();
        await _world.ConfigureAsync(new JsonObject
        {
            ["chartURL"] = "registry.example.com/charts/toolkit",
            ["pollInterval"] = "1h",
            ["values"] = ToolkitValues.WithPullSecret(),
        });
    }

    [TearDown]
    public async Task StopAsync()
    {
        _release.TrySetResult();
        await _world.DisposeAsync();
        await _servers.DisposeAsync();
    }

    [TestCase(12)]
    [TestCase(50)]
    public async Task Tenants_whose_control_planes_do_not_answer_delay_nobody_else(int slow)
    {
        _world.StartController(new ControllerOptions { Workers = 2 });
        var ns = $"{_world.Workspace}-slow";
        await _world.NamespaceAsync(_world.Onboarding, ns);
        var tenants = Enumerable.Range(0, slow).Select(number => new ObjectKey(ns, $"slow-{number}")).ToList();
        foreach (var tenant in tenants)
        {
            await _world.ControlPlaneAsync(tenant);
            await _world.ApplyOcmAsync(tenant);
        }

        var most = Math.Min(slow, new ControlPlaneTurnOptions().WorkersPerNamespace);
        await Eventually.Async(() => Volatile.Read(ref _held) >= most, "as many as may have a write that is not answered");
        var good = await _world.ReadyTenantAsync("good");
        await _world.ApplyOcmAsync(good, "0.5.0");
        await Eventually.Async(
            () => _world.Platform.Api.FindAsync(PlatformKinds.OciRepository, ProviderWorld.FluxKey(good)),
            chart => chart?.Json.Text("spec", "ref", "tag") == "0.5.0",
            "the change is applied");
        await _world.ReadyAsync(good);

        Assert.That(
            await _world.Platform.Api.FindAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(tenants[0])) is null
                || (await _world.SeesAsync(tenants[0], "ControlPlaneUnavailable")) is not null,
            "a HelmRelease is created once its control plane has what the pods need, or has failed");
        _release.SetResult();
        foreach (var tenant in tenants.Take(3))
        {
            await _world.ReadyAsync(tenant);
        }
    }

    [Test]
    public async Task A_deletion_waits_for_the_call_that_is_in_flight_and_leaves_nothing()
    {
        _world.StartController();
        var tenant = _world.Ocm("slow-0");
        await _world.ControlPlaneAsync(tenant);
        await _world.ApplyOcmAsync(tenant);
        await Eventually.Async(() => Volatile.Read(ref _held) > 0, "a write is not answered");
        await _world.DeleteOcmAsync(tenant);
        _release.SetResult();
        await _world.GoneAsync(tenant);

        var left = new List<string>();
        foreach (var kind in OnControlPlane)
        {
            var all = await Slow.Api.ListAllAsync(kind);
            left.AddRange(all.Select(item => item.Name).Where(name => name == ProviderWorld.PullSecretName));
        }

        Assert.That(left.Concat(await _world.LeftoversAsync(tenant)), Is.Empty);
    }
}
