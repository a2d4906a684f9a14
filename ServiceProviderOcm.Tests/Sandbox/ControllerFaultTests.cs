using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Provider;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Sandbox;

/// <summary>
/// The controller and API servers that misbehave, as no real server does on demand. The OCM becomes Ready all the same, and everything
/// is done once.
/// </summary>
public sealed class ControllerFaultTests
{
    private const string Us = TestUsers.Provider;

    private static readonly ResourceKind[] Installed = [Kinds.AccessRequest, Kinds.OciRepository, Kinds.HelmRelease, Kinds.Secret];

    private SandboxServers _servers = null!;
    private ProviderWorld _world = null!;

    private SandboxCluster Platform => _servers.Clusters[0];

    private SandboxCluster Onboarding => _servers.Clusters[1];

    [SetUp]
    public async Task Start()
    {
        _servers = await SandboxServers.StartAsync(["platform", "onboarding", "mcp"]);
        _world = await ProviderWorld.CreateAsync(
            others: new TestClusterSet(_servers, _servers.Clusters[0], _servers.Clusters[1], _servers.Clusters[2]));
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
    public async Task Ten_writes_that_are_refused_are_written_in_the_end(int code)
    {
        Platform.Faults.Refuse(10, code, user: Us);
        Onboarding.Faults.Refuse(10, code, user: Us);
        _world.StartController();

        var ocm = await _world.ReadyTenantAsync();

        await EverythingWasDoneOnceAsync(ocm);
        foreach (var cluster in _servers.Clusters.Take(2))
        {
            Assert.That(cluster.AuditLog.Since(0).Count(entry => entry.IsWriteOfOurs() && entry.Code == code), Is.EqualTo(10), cluster.Name);
        }
    }

    [Test]
    public async Task Writes_whose_answers_are_lost_are_not_done_twice()
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
    public async Task Watches_that_are_cut_are_taken_up_where_they_were()
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
            async () => (await Platform.Api.FindAsync(Kinds.OciRepository, ProviderWorld.FluxKey(ocm)))?.Json.Text("spec", "ref", "tag") == "0.5.0"
                && await Platform.Api.FindAsync(Kinds.HelmRelease, ProviderWorld.FluxKey(ocm)) is { } release && release.Uid != deleted,
            "what was missed meanwhile is made up for");
        Assert.That(Lists(Platform, marks.Platform, Kinds.HelmRelease), Is.Zero, "nothing is read anew");
        Assert.That(Lists(Onboarding, marks.Onboarding, _world.Api.Ocm), Is.Zero, "nothing is read anew");
    }

    [Test]
    public async Task A_history_that_is_forgotten_is_read_anew()
    {
        _world.StartController();
        var ocm = await _world.ReadyTenantAsync();
        var mark = Platform.AuditLog.Mark();

        // Nothing is watched until what has been missed is forgotten.
        Platform.Faults.Refuse(int.MaxValue, 503, request => request is { Verb: "watch", Resource: "helmreleases" }, user: Us);
        Platform.Faults.CutWatches(Kinds.HelmRelease.Plural);
        var deleted = await DeleteReleaseAsync(ocm);
        Platform.Compact();
        Platform.Faults.Clear();

        await Eventually.Async(
            async () => await Platform.Api.FindAsync(Kinds.HelmRelease, ProviderWorld.FluxKey(ocm)) is { } release && release.Uid != deleted,
            "the HelmRelease is there again");
        await _world.ReadyAsync(ocm);
        Assert.That(Lists(Platform, mark, Kinds.HelmRelease), Is.Positive);
    }

    [Test]
    public async Task A_slow_platform_only_takes_longer()
    {
        Platform.Faults.Delay(5, TimeSpan.FromMilliseconds(300), user: Us);
        _world.StartController();

        var ocm = await _world.ReadyTenantAsync();

        await EverythingWasDoneOnceAsync(ocm);
    }

    [Test]
    public async Task All_of_it_at_once_is_survived_by_many_tenants()
    {
        _world.StartController();
        foreach (var cluster in (SandboxCluster[])[Platform, Onboarding])
        {
            cluster.Faults.Refuse(5, 429, user: Us, retryAfter: TimeSpan.FromSeconds(1));
            cluster.Faults.DropAnswers(5, user: Us);
            cluster.Faults.Refuse(5, 500, user: Us);
            cluster.Faults.Delay(5, TimeSpan.FromMilliseconds(100), user: Us);
        }

        var tenants = Enumerable.Range(1, 10).Select(number => _world.Ocm($"mcp-{number:00}")).ToList();
        foreach (var ocm in tenants)
        {
            await _world.ControlPlaneAsync(ocm);
            await _world.ApplyOcmAsync(ocm);
            Platform.Faults.CutWatches(Kinds.AccessRequest.Plural);
            Onboarding.Faults.CutWatches(_world.Api.Ocm.Plural);
        }

        foreach (var ocm in tenants)
        {
            await _world.ReadyAsync(ocm);
            await EverythingWasDoneOnceAsync(ocm);
        }
    }

    private static int Lists(SandboxCluster cluster, long mark, ResourceKind kind) => cluster.AuditLog.Since(mark)
        .Count(entry => entry.IsOurs() && entry.Verb == "list" && entry.Resource == kind.Plural);

    private async Task<string> DeleteReleaseAsync(ObjectKey ocm)
    {
        var release = await Platform.Api.GetAsync(Kinds.HelmRelease, ProviderWorld.FluxKey(ocm), default);
        await Platform.Api.DeleteAsync(Kinds.HelmRelease, release.Key);
        return release.Uid;
    }

    // Each object was made by us once, is as it was made first, and there is one of each.
    private async Task EverythingWasDoneOnceAsync(ObjectKey ocm)
    {
        var ns = ProviderWorld.TenantNamespace(ocm);
        foreach (var kind in Installed)
        {
            var ours = (await Platform.Api.ListAllAsync(kind, ns))
                .Where(item => item.Json.Items("metadata", "managedFields").Any(entry => entry.Text("manager") == "service-provider-ocm"))
                .ToList();
            Assert.That(ours, Has.Count.EqualTo(1), $"{kind} in {ns}");
            Assert.That(ours[0].Json.Number("metadata", "generation") ?? 1, Is.EqualTo(1), $"{kind} in {ns} has not changed since");
            Assert.That(
                Platform.AuditLog.Since(0).Count(entry =>
                    entry.IsWriteOfOurs() && entry.Code == 201 && entry.Resource == kind.Plural && entry.Namespace == ns),
                Is.EqualTo(1),
                $"{kind} in {ns} was made once");
        }

        var told = (await Onboarding.Api.ListAllAsync(Kinds.Event, ocm.Namespace))
            .Where(item => item.Json.Text("regarding", "name") == ocm.Name)
            .Select(item => item.Json.Text("reason"))
            .ToList();
        Assert.That(told, Is.Unique, "nothing is told twice");
        Assert.That((await Onboarding.Api.GetAsync(_world.Api.Ocm, ocm, default)).Finalizers, Has.Count.EqualTo(1));
    }
}
