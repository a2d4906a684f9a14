using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.LeaderElection;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Kubernetes.LeaderElection;

/// <summary>How a leader renews its lease, and how it loses the leadership.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LeaseRenewalTests : LeaderElectionTestBase
{
    [Test]
    public async Task A_leader_renews_its_lease_every_two_seconds_and_sends_nothing_else()
    {
        await using var candidate = new Candidate(Server, Time);
        await candidate.LeadsAsync();
        var requests = 0;
        Server.Before = (_, _) => Task.FromResult(Interlocked.Increment(ref requests));

        for (var i = 0; i < 10; i++)
        {
            await RenewsAsync();
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(requests, Is.EqualTo(10));
            Assert.That(Server.Spec.Text("acquireTime"), Is.EqualTo("2000-01-01T00:00:00.000000Z"));
            Assert.That(Server.Spec.Text("renewTime"), Is.EqualTo("2000-01-01T00:00:20.000000Z"));
            Assert.That((candidate.Elector.IsLeading, candidate.IsCutOff), Is.EqualTo((true, false)));
            Assert.That(candidate.Log.Lines, Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task A_leader_renews_a_lease_that_was_annotated()
    {
        await using var candidate = new Candidate(Server, Time);
        await candidate.LeadsAsync();

        Server.Annotate();
        await RenewsAsync();
        await RenewsAsync();

        Assert.That((Server.Spec.Text("renewTime"), candidate.IsCutOff), Is.EqualTo(("2000-01-01T00:00:04.000000Z", false)));
    }

    [Test]
    public async Task A_leader_continues_when_its_renewal_was_processed_but_not_answered()
    {
        await using var candidate = new Candidate(Server, Time);
        await candidate.LeadsAsync();

        Server.AfterWrite = () => throw new KubernetesApiException(0, "BrokenOff", "no answer");
        await RenewsAsync();
        Server.AfterWrite = () => { };
        await RenewsAsync();
        await RenewsAsync();

        Assert.That((Server.Spec.Text("renewTime"), candidate.IsCutOff), Is.EqualTo(("2000-01-01T00:00:06.000000Z", false)));
    }

    [Test]
    public async Task A_leader_whose_lease_is_deleted_creates_a_new_one()
    {
        await using var candidate = new Candidate(Server, Time);
        await candidate.LeadsAsync();

        Server.Remove();
        await RenewsAsync();
        await RenewsAsync();

        Assert.That((Server.Holder, candidate.IsCutOff), Is.EqualTo(("we", false)));
    }

    [Test]
    public async Task Work_is_cancelled_when_another_replica_holds_the_lease()
    {
        await using var candidate = new Candidate(Server, Time);
        await candidate.LeadsAsync();

        Server.HeldBy("another");
        await Time.PassPauseAsync();

        var loss = await Assert.ThrowsAsync<LeadershipLostException>(() => candidate.Running);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(loss!.Message, Is.EqualTo("Leadership lost: Lease n/l on the platform cluster is held by \"another\""));
            Assert.That((candidate.IsCutOff, candidate.Elector.IsLeading, Server.Holder), Is.EqualTo((true, false, "another")));
        }
    }

    [Test]
    public async Task Work_is_cancelled_when_the_lease_was_not_renewed_for_ten_seconds()
    {
        await using var candidate = new Candidate(Server, Time);
        await candidate.LeadsAsync();
        Server.Before = (_, _) => throw new KubernetesApiException(503, "ServiceUnavailable", "down");

        for (var i = 0; i < 4; i++)
        {
            await RenewsAsync();
            Assert.That((candidate.IsCutOff, candidate.Elector.IsLeading), Is.EqualTo((false, true)));
        }

        await Time.PassPauseAsync();

        var loss = await Assert.ThrowsAsync<LeadershipLostException>(() => candidate.Running);
        Assert.That(
            loss!.Message, Is.EqualTo("Leadership lost: Lease n/l on the platform cluster was not renewed within 00:00:10: down"));
        Assert.That((candidate.IsCutOff, candidate.Elector.IsLeading), Is.EqualTo((true, false)));
    }

    [Test]
    public async Task Work_is_cancelled_in_time_when_a_renewal_hangs()
    {
        await using var candidate = new Candidate(Server, Time);
        await candidate.LeadsAsync();
        Server.Before = (_, cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        await RenewsAsync();

        Time.Advance(TimeSpan.FromSeconds(8));

        await Assert.ThrowsAsync<LeadershipLostException>(() => candidate.Running);
        Assert.That(candidate.IsCutOff, Is.True);
    }

    [Test]
    public async Task A_term_counts_from_when_the_renewal_was_sent()
    {
        await using var candidate = new Candidate(Server, Time);
        await candidate.LeadsAsync();
        var answer = new TaskCompletionSource();
        Server.Before = (_, _) => answer.Task;
        await RenewsAsync();
        Time.Advance(TimeSpan.FromSeconds(7));
        Server.Before = (_, cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);

        answer.SetResult();
        await Time.PauseBegunAsync();
        Time.Advance(TimeSpan.FromSeconds(3));

        Assert.That(candidate.Elector.IsLeading, Is.False);
    }

    [Test]
    public async Task A_replica_that_was_frozen_notices_at_once_that_its_term_is_over_and_does_not_touch_the_lease()
    {
        await using var candidate = new Candidate(Server, Time);
        await candidate.LeadsAsync();
        await Time.PauseBegunAsync();
        var writes = Server.Writes.Count;

        Time.Advance(TimeSpan.FromMinutes(1));

        Assert.That(candidate.Elector.IsLeading, Is.False);
        await Assert.ThrowsAsync<LeadershipLostException>(() => candidate.Running);
        Assert.That((candidate.IsCutOff, Server.Writes.Count), Is.EqualTo((true, writes)));
    }
}
