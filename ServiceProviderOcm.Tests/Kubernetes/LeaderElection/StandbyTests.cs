using NUnit.Framework;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Kubernetes.LeaderElection;

/// <summary>Which replicas are standby replicas.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class StandbyTests : LeaderElectionTestBase
{
    [Test]
    public async Task A_replica_is_a_standby_once_another_one_has_renewed_the_lease()
    {
        Server.HeldBy("another");
        await using var candidate = new Candidate(Server, Time);
        await WaitsForLeaseAsync(candidate);
        Assert.That(candidate.Elector.IsStandby, Is.False, "the holder may have ended");

        Server.HeldBy("another", renewTime: "2026-01-01T00:00:02.000000Z");

        await Eventually.Async(() => candidate.Elector.IsStandby, "it is a standby");
    }

    [Test]
    public async Task A_replica_is_no_standby_until_the_lease_of_a_dead_one_expires()
    {
        Server.HeldBy("another");
        await using var candidate = new Candidate(Server, Time);
        await WaitsForLeaseAsync(candidate);
        var wasStandby = false;

        await PassUntilAsync(
            () =>
            {
                wasStandby |= candidate.Elector.IsStandby;
                return candidate.HasBegun;
            },
            "it leads");

        Assert.That((wasStandby, candidate.Elector.IsStandby), Is.EqualTo((false, false)));
    }

    [Test]
    public async Task A_replica_is_no_standby_when_the_lease_is_released()
    {
        Server.HeldBy("another");
        await using var candidate = new Candidate(Server, Time);
        await WaitsForLeaseAsync(candidate);
        Server.HeldBy("another", renewTime: "2026-01-01T00:00:02.000000Z");
        await Eventually.Async(() => candidate.Elector.IsStandby, "it is a standby");

        Server.HeldBy("", seconds: 1);

        await Eventually.Async(() => !candidate.Elector.IsStandby, "it is none any more");
    }
}
