using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Kubernetes.LeaderElection;

/// <summary>When a replica becomes the leader, and when it waits.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LeaseAcquisitionTests : LeaderElectionTestBase
{
    [Test]
    public async Task A_missing_lease_is_created_as_client_go_creates_it()
    {
        await using var candidate = new Candidate(Server, Time);
        await candidate.LeadsAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Server.Holder, Is.EqualTo("we"));
            Assert.That(Server.Spec.Number("leaseDurationSeconds"), Is.EqualTo(15));
            Assert.That(Server.Spec.Number("leaseTransitions"), Is.Zero);
            Assert.That(Server.Spec.Text("acquireTime"), Is.EqualTo("2000-01-01T00:00:00.000000Z"));
            Assert.That(Server.Spec.Text("renewTime"), Is.EqualTo("2000-01-01T00:00:00.000000Z"));
            Assert.That(candidate.Elector.IsLeading, Is.True);
        }
    }

    [TestCase("1970-01-01T00:00:00.000000Z")]
    [TestCase("2999-01-01T00:00:00.000000Z")]
    [TestCase("soon")]
    public async Task A_lease_of_another_replica_is_acquired_once_it_is_not_renewed_for_its_duration_whatever_the_times_in_it(string renewTime)
    {
        Server.HeldBy("another", renewTime: renewTime);
        var since = Time.GetTimestamp();
        await using var candidate = new Candidate(Server, Time);
        await WaitsForLeaseAsync(candidate);

        await PassUntilAsync(() => candidate.HasBegun, "it leads");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(FirstWriteSince(since), Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(15)));
            Assert.That(Server.Holder, Is.EqualTo("we"));
            Assert.That(Server.Spec.Number("leaseTransitions"), Is.EqualTo(5));
        }
    }

    [TestCase(1, 1)]
    [TestCase(60, 60)]
    [TestCase(null, 15)]
    [TestCase(-1, 15)]
    public async Task The_duration_of_a_lease_is_the_one_that_its_holder_has_written(int? written, int seconds)
    {
        Server.HeldBy("another", written);
        var since = Time.GetTimestamp();
        await using var candidate = new Candidate(Server, Time);
        await WaitsForLeaseAsync(candidate);

        await PassUntilAsync(() => candidate.HasBegun, "it leads");

        Assert.That(
            FirstWriteSince(since),
            Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(seconds)).And.LessThan(TimeSpan.FromSeconds(seconds + 10)));
    }

    [Test]
    public async Task A_lease_is_not_acquired_while_another_replica_renews_it()
    {
        Server.HeldBy("another");
        await using var candidate = new Candidate(Server, Time);
        await WaitsForLeaseAsync(candidate);

        Time.Advance(TimeSpan.FromSeconds(14));
        Server.HeldBy("another", renewTime: "2026-01-01T00:00:14.000000Z");
        var renewed = Time.GetTimestamp();
        await PassUntilAsync(() => candidate.HasBegun, "it leads");

        Assert.That(FirstWriteSince(renewed), Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(14)));
    }

    [Test]
    public async Task An_annotation_of_the_lease_does_not_count_as_a_renewal()
    {
        Server.HeldBy("another");
        var since = Time.GetTimestamp();
        await using var candidate = new Candidate(Server, Time);
        await WaitsForLeaseAsync(candidate);

        Time.Advance(TimeSpan.FromSeconds(14));
        Server.Annotate();
        await PassUntilAsync(() => candidate.HasBegun, "it leads");

        Assert.That(FirstWriteSince(since), Is.LessThan(TimeSpan.FromSeconds(25)));
    }

    [Test]
    public async Task A_released_lease_is_acquired_at_once()
    {
        Server.HeldBy("another");
        await using var candidate = new Candidate(Server, Time);
        await WaitsForLeaseAsync(candidate);

        Server.HeldBy("", seconds: 1);

        await candidate.LeadsAsync();
        Assert.That(candidate.Log.Lines, Is.EqualTo(
            ["Waiting for Lease n/l, which is held by another", "Acquired Lease n/l as we"]));
    }

    [Test]
    public async Task One_of_two_replicas_leads_and_the_other_takes_over_at_once()
    {
        await using var first = new Candidate(Server, Time, "first");
        await first.LeadsAsync();
        await using var second = new Candidate(Server, Time, "second");
        await WaitsForLeaseAsync(second);
        Assert.That((second.Elector.IsLeading, second.Elector.Holder), Is.EqualTo((false, "first")));

        first.Finish();
        await first.Running;

        await second.LeadsAsync();
        Assert.That((first.Elector.IsLeading, second.Elector.IsLeading), Is.EqualTo((false, true)));
    }

    [Test]
    public async Task A_lease_that_cannot_be_watched_is_read_at_intervals()
    {
        Server.HeldBy("another");
        Server.Before = (verb, _) => verb == "watch" ? throw new KubernetesApiException(403, "Forbidden", "you may not watch") : Task.CompletedTask;
        await using var candidate = new Candidate(Server, Time);
        await candidate.LogsAsync("you may not watch");

        Server.HeldBy("", seconds: 1);
        var released = Time.GetTimestamp();
        await PassUntilAsync(() => candidate.HasBegun, "it leads");

        Assert.That(FirstWriteSince(released), Is.LessThan(TimeSpan.FromSeconds(15)));
    }

    [Test]
    public async Task A_watch_of_the_lease_that_ends_is_opened_again()
    {
        Server.HeldBy("another");
        await using var candidate = new Candidate(Server, Time);
        await WaitsForLeaseAsync(candidate);

        Server.EndWatches();
        await Eventually.Async(() => Server.Watches == 0, "the watch is over");
        await PassUntilAsync(() => Server.Watches > 0, "it watches again");
        Server.HeldBy("", seconds: 1);

        await candidate.LeadsAsync();
    }

    [Test]
    public async Task An_error_that_prevents_acquiring_the_lease_is_logged_once()
    {
        var tries = 0;
        Server.Before = (verb, _) =>
        {
            Interlocked.Increment(ref tries);
            throw new KubernetesApiException(403, "Forbidden", $"you may not {verb}");
        };
        await using var candidate = new Candidate(Server, Time);

        await PassUntilAsync(() => tries > 3, "it has tried several times");

        Assert.That(candidate.Log.Lines, Is.EqualTo(
            ["Lease n/l on the platform cluster cannot be read or written: you may not get; retrying"]));
    }

    [Test]
    public async Task A_lease_without_content_is_acquired()
    {
        Server.Put(null);
        await using var candidate = new Candidate(Server, Time);

        await candidate.LeadsAsync();

        Assert.That((Server.Holder, Server.Spec.Number("leaseTransitions")), Is.EqualTo(("we", 0)));
    }

    [Test]
    public async Task A_replica_that_loses_the_race_for_a_lease_waits()
    {
        Server.HeldBy("", seconds: 1);
        Server.Before = (verb, _) =>
        {
            if (verb == "patch")
            {
                Server.Before = (_, _) => Task.CompletedTask;
                Server.HeldBy("another");
            }

            return Task.CompletedTask;
        };
        await using var candidate = new Candidate(Server, Time);
        await Eventually.Async(() => Server.Writes.Count > 0, "it has tried");

        await PassUntilAsync(() => Server.Watches > 0, "it stands by");

        Assert.That((Server.Holder, candidate.HasBegun), Is.EqualTo(("another", false)));
    }

    [Test]
    public async Task A_deleted_lease_does_not_count_as_released()
    {
        Server.HeldBy("another");
        var since = Time.GetTimestamp();
        await using var candidate = new Candidate(Server, Time);
        await WaitsForLeaseAsync(candidate);

        Server.Remove();
        await PassUntilAsync(() => candidate.HasBegun, "it leads");

        Assert.That(FirstWriteSince(since), Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(15)));
    }

    [Test]
    public async Task A_replica_that_is_stopped_while_it_waits_has_written_nothing()
    {
        Server.HeldBy("another");
        await using var candidate = new Candidate(Server, Time);
        await WaitsForLeaseAsync(candidate);

        await candidate.StopAsync();

        await Assert.ThatAsync(() => candidate.Running, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Server.Writes, Is.Empty);
    }
}
