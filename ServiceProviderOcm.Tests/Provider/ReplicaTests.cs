using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.LeaderElection;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>Two replicas of the built Worker, of which one works.</summary>
[Category("Worker")]
public sealed class ReplicaTests : SharedServersFixture
{
    private static readonly TimeSpan LeaseDuration = new LeaderElectionOptions().LeaseDuration;

    // A machine that stands still for 10 s takes the Lease from a leader, which then exits with 1 as it must.
    private const int Attempts = 3;

    private ObjectKey _lease;
    private WorkerProcess _leader = null!;
    private WorkerProcess _standby = null!;

    [SetUp]
    public async Task Start()
    {
        _lease = World.Identity.Lease;
        await World.ConfigureAsync();
        _leader = StartReplica(World.User);
        await _leader.LogsAsync("Acquired Lease");
        _standby = StartReplica(World.ReplicaUser);
        await _standby.LogsAsync("Waiting for Lease");
    }

    [TearDown]
    public async Task Stop()
    {
        if (_leader is not null)
        {
            await _leader.DisposeAsync();
        }

        if (_standby is not null)
        {
            await _standby.DisposeAsync();
        }
    }

    [Test]
    public async Task The_leader_reconciles_and_the_standby_only_watches_the_lease()
    {
        var (platform, onboarding) = (World.Platform.AuditLog.Mark(), World.Onboarding.AuditLog.Mark());

        await World.ReadyTenantAsync();

        var requests = RequestsOf(World.ReplicaUser, World.Platform.AuditLog, platform);
        Assert.That(requests.Where(request => (request.Verb, request.Resource) != ("watch", "leases")), Is.Empty);
        Assert.That(RequestsOf(World.ReplicaUser, World.Onboarding.AuditLog, onboarding), Is.Empty);
    }

    [Test]
    public async Task The_standby_takes_over_from_a_killed_leader_after_the_lease_duration()
    {
        await _leader.KillAsync();
        var ocm = await OrderAsync("mcp-02");

        await TakesOverAsync();

        await World.ReadyAsync(ocm);
    }

    [Test]
    public async Task A_frozen_leader_exits_without_a_write_after_the_standby_has_taken_over()
    {
        var first = await World.ReadyTenantAsync();
        await World.EventAsync(first, Reasons.ReconcileSuccess);
        await _leader.FreezeAsync();
        ObjectKey[] ocms = [.. await Task.WhenAll(Enumerable.Range(2, 8).Select(number => OrderAsync($"mcp-0{number}")))];
        await TakesOverAsync();
        await Task.WhenAll(ocms.Select(World.ReadyAsync));
        var (platform, onboarding) = (World.Platform.AuditLog.Mark(), World.Onboarding.AuditLog.Mark());

        await _leader.ThawAsync();

        Assert.That(await _leader.EndAsync(), Is.EqualTo(1));
        await _leader.LogsAsync($"Leadership lost: Lease {_lease} on the platform cluster was not renewed within 00:00:10");
        await World.ReadyTenantAsync("mcp-10");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(RequestsOf(World.User, World.Platform.AuditLog, platform).Where(entry => entry.IsProviderWrite()), Is.Empty);
            Assert.That(RequestsOf(World.User, World.Onboarding.AuditLog, onboarding).Where(entry => entry.IsProviderWrite()), Is.Empty);
            Assert.That(_leader.Output, Has.None.Contains("   at "));
        }
    }

    [Test]
    [Retry(Attempts)]
    public async Task A_stopped_leader_releases_the_lease_and_the_standby_takes_over_at_once()
    {
        var before = await LeaseAsync();

        Assert.That(await _leader.TerminateAsync(), Is.Zero);

        await _leader.LogsAsync("Released Lease");
        await TakesOverAsync();
        var after = await LeaseAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                after.Json.Moment("spec", "acquireTime") - before.Json.Moment("spec", "renewTime"), Is.LessThan(LeaseDuration));
            Assert.That(after.Json.Number("spec", "leaseTransitions"), Is.EqualTo(1));
        }

        await World.ReadyTenantAsync();
        Assert.That(await _standby.TerminateAsync(), Is.Zero);
        Assert.That((await LeaseAsync()).Json.Text("spec", "holderIdentity"), Is.Empty);
    }

    [Test]
    [Retry(Attempts)]
    public async Task A_standby_that_takes_over_writes_nothing_for_OCMs_that_are_Ready()
    {
        await World.PullSecretAsync();
        await World.ConfigureAsync(new JsonObject { ["imagePullSecret"] = new JsonObject { ["name"] = ProviderWorld.PullSecretName } });
        await World.ReadyTenantAsync();
        var (platform, onboarding) = (World.Platform.AuditLog.Mark(), World.Onboarding.AuditLog.Mark());

        Assert.That(await _leader.TerminateAsync(), Is.Zero);
        await TakesOverAsync();

        // Its OCM is enqueued after the other: when it is Ready, the other was reconciled.
        var fence = await World.ReadyTenantAsync("mcp-02");
        var writes = RequestsOf(World.ReplicaUser, World.Platform.AuditLog, platform)
            .Concat(RequestsOf(World.ReplicaUser, World.Onboarding.AuditLog, onboarding))
            .Where(entry => entry.IsProviderWrite() && entry.Resource is not ("leases" or "events" or "providerconfigs"))
            .ToList();
        Assert.That(writes, Is.Not.Empty);
        Assert.That(
            writes.Where(entry => entry.Namespace != ProviderWorld.TenantNamespace(fence) && entry.Name != fence.Name), Is.Empty);
    }

    // Two tenants and two processes each: beside other replicas, a leader may be too slow for its Lease.
    [NonParallelizable]
    [TestCase("two", "NewRevisionAvailable", "two two")]
    public async Task A_standby_that_takes_over_while_a_canary_is_updated_continues_the_rollout(string level, string reason, string levels)
    {
        World.Flux.StallsOn = release => release.Text("spec", "values", "level") == "bad";
        await RollOutAsync("one");
        var (canary, other) = (await World.ReadyTenantAsync("mcp-02"), await World.ReadyTenantAsync());
        await World.Platform.Api.MergePatchAsync(
            Kinds.Namespace,
            ObjectKey.ClusterScoped(ProviderWorld.TenantNamespace(canary)),
            new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["stage"] = "canary" } } });
        World.Flux.Installs.Close();
        await RollOutAsync(level);
        await Eventually.Async(() => LevelAsync(canary), updated => updated == level, "the canary is updated");

        await _leader.KillAsync();
        await TakesOverAsync();
        await World.ApplyOcmAsync(other, operation: "reconcile");
        await Eventually.Async(
            () => World.Onboarding.Api.GetAsync(World.Api.Ocm, other, default),
            found => !found.Annotations.ContainsKey(Operation.Annotation),
            "the other OCM was reconciled");
        Assert.That(await LevelAsync(other), Is.EqualTo("one"));

        World.Flux.Installs.Open();
        await Eventually.Async(
            () => World.Platform.Api.GetAsync(World.Api.ProviderConfig, ObjectKey.ClusterScoped(World.ProviderName), default),
            config => config.Condition("Progressing").Text("reason") == reason
                && config.Json.Number("status", "observedGeneration") == config.Generation,
            reason);
        Assert.That($"{await LevelAsync(canary)} {await LevelAsync(other)}", Is.EqualTo(levels));

        Task RollOutAsync(string to) => World.ConfigureAsync(new JsonObject
        {
            ["chartURL"] = "registry.example.com/charts/toolkit",
            ["pollInterval"] = "1h",
            ["values"] = new JsonObject { ["level"] = to },
            ["rollout"] = JsonNode.Parse("""{ "canary": { "selector": { "matchLabels": { "stage": "canary" } } } }"""),
        });

        async Task<string?> LevelAsync(ObjectKey ocm) =>
            (await World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(ocm), default)).Text("spec", "values", "level");
    }

    [Test]
    public async Task A_stopped_standby_does_not_change_the_lease()
    {
        Assert.That(await _standby.TerminateAsync(), Is.Zero);

        await World.ReadyTenantAsync();
        Assert.That((await LeaseAsync()).Json.Text("spec", "holderIdentity"), Does.StartWith($"{World.User}_"));
    }

    private static IEnumerable<AuditEntry> RequestsOf(string user, AuditLog log, long mark) =>
        log.Since(mark).Where(entry => entry.IsFromProvider() && entry.User == user);

    private Task<KubeObject> LeaseAsync() => World.Platform.Api.GetAsync(Kinds.Lease, _lease, default);

    private async Task TakesOverAsync() => await Eventually.Async(
        LeaseAsync,
        lease => lease.Json.Text("spec", "holderIdentity")!.StartsWith($"{World.ReplicaUser}_", StringComparison.Ordinal),
        "the other replica holds the lease");

    private async Task<ObjectKey> OrderAsync(string name)
    {
        var ocm = World.Ocm(name);
        await World.ControlPlaneAsync(ocm);
        await World.ApplyOcmAsync(ocm);
        return ocm;
    }

    private WorkerProcess StartReplica(string user) => World.StartReplica(
        user,
        "--leader-elect=true",
        $"--kubeconfig={World.KubeconfigFile(World.Platform, user)}",
        $"--onboarding-kubeconfig={World.KubeconfigFile(World.Onboarding, user)}");
}
