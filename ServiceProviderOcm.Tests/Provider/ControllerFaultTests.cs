using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>
/// The controller on API servers with injected faults. The OCM becomes Ready all the same, and everything is done once.
/// </summary>
[Category("Sandbox")]
public sealed class ControllerFaultTests
{
    private const string Us = TestUsers.Provider;

    private static readonly ResourceKind[] Installed = [PlatformKinds.AccessRequest, PlatformKinds.OciRepository, PlatformKinds.HelmRelease, Kinds.Secret];

    private SandboxServers _servers = null!;
    private ProviderWorld _world = null!;

    private SandboxCluster Platform => _servers.Clusters[0];

    private SandboxCluster Onboarding => _servers.Clusters[1];

    [SetUp]
    public async Task Start()
    {
        _servers = await SandboxServers.StartAsync(["platform", "onboarding", "mcp"]);
        _world = await ProviderWorld.OnAsync(
            new TestClusterSet(_servers, _servers.Clusters[0], _servers.Clusters[1], _servers.Clusters[2]));
        await _world.PullSecretAsync();
        await _world.ConfigureAsync(new JsonObject { ["imagePullSecret"] = new JsonObject { ["name"] = ProviderWorld.PullSecretName } });
    }

    [TearDown]
    public async Task Stop()
    {
        if (_world is not null)
        {
            await _world.DisposeAsync();
        }

        await _servers.DisposeAsync();
    }

    [TestCase(429)]
    [TestCase(500)]
    [TestCase(503)]
    public async Task Failed_writes_are_retried_until_they_succeed(int code)
    {
        Platform.Faults.Fail(10, code, user: Us);
        Onboarding.Faults.Fail(10, code, user: Us);
        _world.StartController();

        var ocm = await _world.ReadyTenantAsync();

        await EverythingWasDoneOnceAsync(ocm);
        foreach (var cluster in _servers.Clusters.Take(2))
        {
            Assert.That(cluster.AuditLog.Since(0).Count(entry => entry.IsProviderWrite() && entry.Code == code), Is.EqualTo(10), cluster.Name);
        }
    }

    [Test]
    public async Task Writes_without_an_answer_are_not_repeated()
    {
        Platform.Faults.DropAnswers(5, user: Us);
        Onboarding.Faults.DropAnswers(5, user: Us);
        _world.StartController();

        var ocm = await _world.ReadyTenantAsync();
        await EverythingWasDoneOnceAsync(ocm);

        Platform.Faults.DropAnswers(5, user: Us);
        Onboarding.Faults.DropAnswers(5, user: Us);
        await _world.DeleteOcmAsync(ocm);
        await _world.GoneAsync(ocm);
        Assert.That(await _world.LeftoversAsync(ocm), Is.Empty);
    }

    [Test]
    public async Task Aborted_watches_are_resumed()
    {
        _world.StartController();
        var ocm = await _world.ReadyTenantAsync();
        var marks = (Platform: Platform.AuditLog.Mark(), Onboarding: Onboarding.AuditLog.Mark());

        foreach (var kind in Installed)
        {
            Platform.Faults.CutWatches(kind.Plural);
        }

        Onboarding.Faults.CutWatches(_world.Api.Ocm.Plural);
        var deleted = await DeleteReleaseAsync(ocm);
        await _world.ApplyOcmAsync(ocm, "0.5.0");

        await _world.ReadyAsync(ocm);
        await Eventually.Async(
            async () => (await Platform.Api.FindAsync(PlatformKinds.OciRepository, ProviderWorld.FluxKey(ocm)))?.Json.Text("spec", "ref", "tag") == "0.5.0"
                && await Platform.Api.FindAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(ocm)) is { } release && release.Uid != deleted,
            "what was missed meanwhile is made up for");
        Assert.That(Lists(Platform, marks.Platform, PlatformKinds.HelmRelease), Is.Zero, "nothing is read anew");
        Assert.That(Lists(Onboarding, marks.Onboarding, _world.Api.Ocm), Is.Zero, "nothing is read anew");
    }

    [Test]
    public async Task An_expired_watch_relists()
    {
        _world.StartController();
        var ocm = await _world.ReadyTenantAsync();
        var mark = Platform.AuditLog.Mark();

        // Nothing is watched until the missed changes have left the history.
        Platform.Faults.Fail(int.MaxValue, 503, request => request is { Verb: "watch", Resource: "helmreleases" }, user: Us);
        Platform.Faults.CutWatches(PlatformKinds.HelmRelease.Plural);
        var deleted = await DeleteReleaseAsync(ocm);
        Platform.Compact();
        Platform.Faults.Clear();

        await Eventually.Async(
            async () => await Platform.Api.FindAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(ocm)) is { } release && release.Uid != deleted,
            "the HelmRelease is there again");
        await _world.ReadyAsync(ocm);
        Assert.That(Lists(Platform, mark, PlatformKinds.HelmRelease), Is.Positive);
    }

    [Test]
    public async Task A_slow_platform_delays_an_OCM_only()
    {
        Platform.Faults.Delay(5, TimeSpan.FromMilliseconds(300), user: Us);
        _world.StartController();

        var ocm = await _world.ReadyTenantAsync();

        await EverythingWasDoneOnceAsync(ocm);
    }

    [Test]
    public async Task Many_OCMs_become_Ready_with_all_faults_at_once()
    {
        _world.StartController();
        foreach (var cluster in (SandboxCluster[])[Platform, Onboarding])
        {
            cluster.Faults.Fail(5, 429, user: Us, retryAfter: TimeSpan.FromSeconds(1));
            cluster.Faults.DropAnswers(5, user: Us);
            cluster.Faults.Fail(5, 500, user: Us);
            cluster.Faults.Delay(5, TimeSpan.FromMilliseconds(100), user: Us);
        }

        var tenants = Enumerable.Range(1, 10).Select(number => _world.Ocm($"mcp-{number:00}")).ToList();
        foreach (var ocm in tenants)
        {
            await _world.ControlPlaneAsync(ocm);
            await _world.ApplyOcmAsync(ocm);
            Platform.Faults.CutWatches(PlatformKinds.AccessRequest.Plural);
            Onboarding.Faults.CutWatches(_world.Api.Ocm.Plural);
        }

        foreach (var ocm in tenants)
        {
            await _world.ReadyAsync(ocm);
            await EverythingWasDoneOnceAsync(ocm);
        }
    }

    private static int Lists(SandboxCluster cluster, long mark, ResourceKind kind) => cluster.AuditLog.Since(mark)
        .Count(entry => entry.IsFromProvider() && entry.IsList && entry.Resource == kind.Plural);

    private async Task<string> DeleteReleaseAsync(ObjectKey ocm)
    {
        var release = await Platform.Api.GetAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(ocm), default);
        await Platform.Api.DeleteAsync(PlatformKinds.HelmRelease, release.Key);
        return release.Uid;
    }

    // Each object was made by us once, is as it was made first, and there is one of each.
    private async Task EverythingWasDoneOnceAsync(ObjectKey ocm)
    {
        var ns = ProviderWorld.TenantNamespace(ocm);
        foreach (var kind in Installed)
        {
            var managed = (await Platform.Api.ListAllAsync(kind, ns))
                .Where(item => item.Json.Items("metadata", "managedFields").Any(entry => entry.Text("manager") == "service-provider-ocm"))
                .ToList();
            Assert.That(managed, Has.Count.EqualTo(1), $"{kind} in {ns}");
            Assert.That(managed[0].Json.Number("metadata", "generation") ?? 1, Is.EqualTo(1), $"{kind} in {ns} has not changed since");
            Assert.That(
                Platform.AuditLog.Since(0).Count(entry =>
                    entry.IsProviderWrite() && entry.Code == 201 && entry.Resource == kind.Plural && entry.Namespace == ns),
                Is.EqualTo(1),
                $"{kind} in {ns} is created once");
        }

        var reasons = (await Onboarding.Api.ListAllAsync(Kinds.Event, ocm.Namespace))
            .Where(item => item.Json.Text("regarding", "name") == ocm.Name)
            .Select(item => item.Json.Text("reason"))
            .ToList();
        Assert.That(reasons, Is.Unique, "no Event is written twice");
        Assert.That((await Onboarding.Api.GetAsync(_world.Api.Ocm, ocm, default)).Finalizers, Has.Count.EqualTo(1));
    }
}
