using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.LeaderElection;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Kubernetes.LeaderElection;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LeaderElectorTests
{
    private static readonly LeaderElectionOptions Options = new();
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    private readonly PausingTime _time = new(Options.RetryPeriod);
    private readonly LeaseServer _server;

    public LeaderElectorTests()
    {
        _server = new LeaseServer(_time);
    }

    [Test]
    public async Task A_missing_lease_is_created_as_client_go_creates_it()
    {
        await using var candidate = new Candidate(_server, _time);
        await candidate.LeadsAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_server.Holder, Is.EqualTo("we"));
            Assert.That(_server.Spec.Number("leaseDurationSeconds"), Is.EqualTo(15));
            Assert.That(_server.Spec.Number("leaseTransitions"), Is.Zero);
            Assert.That(_server.Spec.Text("acquireTime"), Is.EqualTo("2000-01-01T00:00:00.000000Z"));
            Assert.That(_server.Spec.Text("renewTime"), Is.EqualTo("2000-01-01T00:00:00.000000Z"));
            Assert.That(candidate.Elector.IsLeading, Is.True);
        }
    }

    [TestCase("1970-01-01T00:00:00.000000Z")]
    [TestCase("2999-01-01T00:00:00.000000Z")]
    [TestCase("soon")]
    public async Task A_lease_of_another_replica_is_acquired_once_it_is_not_renewed_for_its_duration_whatever_the_times_in_it(string renewTime)
    {
        _server.HeldBy("another", renewTime: renewTime);
        var since = _time.GetTimestamp();
        await using var candidate = new Candidate(_server, _time);
        await StandsByAsync(candidate);

        await PassUntilAsync(() => candidate.HasBegun, "it leads");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(FirstWriteSince(since), Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(15)));
            Assert.That(_server.Holder, Is.EqualTo("we"));
            Assert.That(_server.Spec.Number("leaseTransitions"), Is.EqualTo(5));
        }
    }

    [TestCase(1, 1)]
    [TestCase(60, 60)]
    [TestCase(null, 15)]
    [TestCase(-1, 15)]
    public async Task The_duration_of_a_lease_is_the_one_that_its_holder_has_written(int? written, int seconds)
    {
        _server.HeldBy("another", written);
        var since = _time.GetTimestamp();
        await using var candidate = new Candidate(_server, _time);
        await StandsByAsync(candidate);

        await PassUntilAsync(() => candidate.HasBegun, "it leads");

        Assert.That(
            FirstWriteSince(since),
            Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(seconds)).And.LessThan(TimeSpan.FromSeconds(seconds + 10)));
    }

    [Test]
    public async Task A_lease_is_not_acquired_while_another_replica_renews_it()
    {
        _server.HeldBy("another");
        await using var candidate = new Candidate(_server, _time);
        await StandsByAsync(candidate);

        _time.Advance(TimeSpan.FromSeconds(14));
        _server.HeldBy("another", renewTime: "2026-01-01T00:00:14.000000Z");
        var renewed = _time.GetTimestamp();
        await PassUntilAsync(() => candidate.HasBegun, "it leads");

        Assert.That(FirstWriteSince(renewed), Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(14)));
    }

    [Test]
    public async Task An_annotation_of_the_lease_does_not_count_as_a_renewal()
    {
        _server.HeldBy("another");
        var since = _time.GetTimestamp();
        await using var candidate = new Candidate(_server, _time);
        await StandsByAsync(candidate);

        _time.Advance(TimeSpan.FromSeconds(14));
        _server.Annotate();
        await PassUntilAsync(() => candidate.HasBegun, "it leads");

        Assert.That(FirstWriteSince(since), Is.LessThan(TimeSpan.FromSeconds(25)));
    }

    [Test]
    public async Task A_released_lease_is_acquired_at_once()
    {
        _server.HeldBy("another");
        await using var candidate = new Candidate(_server, _time);
        await StandsByAsync(candidate);

        _server.HeldBy("", seconds: 1);

        await candidate.LeadsAsync();
        Assert.That(candidate.Log.Lines, Is.EqualTo(
            ["Waiting for Lease n/l, which is held by another", "Acquired Lease n/l as we"]));
    }

    [Test]
    public async Task One_of_two_replicas_leads_and_the_other_takes_over_at_once()
    {
        await using var first = new Candidate(_server, _time, "first");
        await first.LeadsAsync();
        await using var second = new Candidate(_server, _time, "second");
        await StandsByAsync(second);
        Assert.That((second.Elector.IsLeading, second.Elector.Holder), Is.EqualTo((false, "first")));

        first.Finish();
        await first.Running;

        await second.LeadsAsync();
        Assert.That((first.Elector.IsLeading, second.Elector.IsLeading), Is.EqualTo((false, true)));
    }

    [Test]
    public async Task A_lease_that_cannot_be_watched_is_read_at_intervals()
    {
        _server.HeldBy("another");
        _server.Before = (verb, _) => verb == "watch" ? throw new KubernetesApiException(403, "Forbidden", "you may not watch") : Task.CompletedTask;
        await using var candidate = new Candidate(_server, _time);
        await candidate.SaysAsync("you may not watch");

        _server.HeldBy("", seconds: 1);
        var released = _time.GetTimestamp();
        await PassUntilAsync(() => candidate.HasBegun, "it leads");

        Assert.That(FirstWriteSince(released), Is.LessThan(TimeSpan.FromSeconds(15)));
    }

    [Test]
    public async Task A_watch_of_the_lease_that_ends_is_opened_again()
    {
        _server.HeldBy("another");
        await using var candidate = new Candidate(_server, _time);
        await StandsByAsync(candidate);

        _server.EndWatches();
        await Eventually.Async(() => _server.Watches == 0, "the watch is over");
        await PassUntilAsync(() => _server.Watches > 0, "it watches again");
        _server.HeldBy("", seconds: 1);

        await candidate.LeadsAsync();
    }

    [Test]
    public async Task An_error_that_prevents_acquiring_the_lease_is_logged_once()
    {
        var tries = 0;
        _server.Before = (verb, _) =>
        {
            Interlocked.Increment(ref tries);
            throw new KubernetesApiException(403, "Forbidden", $"you may not {verb}");
        };
        await using var candidate = new Candidate(_server, _time);

        await PassUntilAsync(() => tries > 3, "it has tried several times");

        Assert.That(candidate.Log.Lines, Is.EqualTo(
            ["Lease n/l on the platform cluster cannot be read or written: you may not get; retrying"]));
    }

    [Test]
    public async Task A_lease_without_content_is_acquired()
    {
        _server.Put(null);
        await using var candidate = new Candidate(_server, _time);

        await candidate.LeadsAsync();

        Assert.That((_server.Holder, _server.Spec.Number("leaseTransitions")), Is.EqualTo(("we", 0)));
    }

    [Test]
    public async Task A_replica_that_loses_the_race_for_a_lease_waits()
    {
        _server.HeldBy("", seconds: 1);
        _server.Before = (verb, _) =>
        {
            if (verb == "patch")
            {
                _server.Before = (_, _) => Task.CompletedTask;
                _server.HeldBy("another");
            }

            return Task.CompletedTask;
        };
        await using var candidate = new Candidate(_server, _time);
        await Eventually.Async(() => _server.Writes.Count > 0, "it has tried");

        await PassUntilAsync(() => _server.Watches > 0, "it stands by");

        Assert.That((_server.Holder, candidate.HasBegun), Is.EqualTo(("another", false)));
    }

    [Test]
    public async Task A_leader_renews_its_lease_every_two_seconds_and_does_nothing_else()
    {
        await using var candidate = new Candidate(_server, _time);
        await candidate.LeadsAsync();
        var requests = 0;
        _server.Before = (_, _) => Task.FromResult(Interlocked.Increment(ref requests));

        for (var i = 0; i < 10; i++)
        {
            await RenewsAsync();
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(requests, Is.EqualTo(10));
            Assert.That(_server.Spec.Text("acquireTime"), Is.EqualTo("2000-01-01T00:00:00.000000Z"));
            Assert.That(_server.Spec.Text("renewTime"), Is.EqualTo("2000-01-01T00:00:20.000000Z"));
            Assert.That((candidate.Elector.IsLeading, candidate.IsCutOff), Is.EqualTo((true, false)));
            Assert.That(candidate.Log.Lines, Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task A_leader_renews_a_lease_that_was_annotated()
    {
        await using var candidate = new Candidate(_server, _time);
        await candidate.LeadsAsync();

        _server.Annotate();
        await RenewsAsync();
        await RenewsAsync();

        Assert.That((_server.Spec.Text("renewTime"), candidate.IsCutOff), Is.EqualTo(("2000-01-01T00:00:04.000000Z", false)));
    }

    [Test]
    public async Task A_leader_continues_when_its_renewal_was_processed_but_not_answered()
    {
        await using var candidate = new Candidate(_server, _time);
        await candidate.LeadsAsync();

        _server.AfterWrite = () => throw new KubernetesApiException(0, "BrokenOff", "no answer");
        await RenewsAsync();
        _server.AfterWrite = () => { };
        await RenewsAsync();
        await RenewsAsync();

        Assert.That((_server.Spec.Text("renewTime"), candidate.IsCutOff), Is.EqualTo(("2000-01-01T00:00:06.000000Z", false)));
    }

    [Test]
    public async Task A_leader_whose_lease_is_deleted_creates_a_new_one()
    {
        await using var candidate = new Candidate(_server, _time);
        await candidate.LeadsAsync();

        _server.Remove();
        await RenewsAsync();
        await RenewsAsync();

        Assert.That((_server.Holder, candidate.IsCutOff), Is.EqualTo(("we", false)));
    }

    [Test]
    public async Task A_deleted_lease_does_not_count_as_released()
    {
        _server.HeldBy("another");
        var since = _time.GetTimestamp();
        await using var candidate = new Candidate(_server, _time);
        await StandsByAsync(candidate);

        _server.Remove();
        await PassUntilAsync(() => candidate.HasBegun, "it leads");

        Assert.That(FirstWriteSince(since), Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(15)));
    }

    [Test]
    public async Task Work_is_cancelled_when_another_replica_holds_the_lease()
    {
        await using var candidate = new Candidate(_server, _time);
        await candidate.LeadsAsync();

        _server.HeldBy("another");
        await _time.PassPauseAsync();

        var loss = await Assert.ThrowsAsync<LeadershipLostException>(() => candidate.Running);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(loss!.Message, Is.EqualTo("Leadership lost: Lease n/l on the platform cluster is held by \"another\""));
            Assert.That((candidate.IsCutOff, candidate.Elector.IsLeading, _server.Holder), Is.EqualTo((true, false, "another")));
        }
    }

    [Test]
    public async Task Work_is_cancelled_when_the_lease_was_not_renewed_for_ten_seconds()
    {
        await using var candidate = new Candidate(_server, _time);
        await candidate.LeadsAsync();
        _server.Before = (_, _) => throw new KubernetesApiException(503, "ServiceUnavailable", "down");

        for (var i = 0; i < 4; i++)
        {
            await RenewsAsync();
            Assert.That((candidate.IsCutOff, candidate.Elector.IsLeading), Is.EqualTo((false, true)));
        }

        await _time.PassPauseAsync();

        var loss = await Assert.ThrowsAsync<LeadershipLostException>(() => candidate.Running);
        Assert.That(
            loss!.Message, Is.EqualTo("Leadership lost: Lease n/l on the platform cluster was not renewed within 00:00:10: down"));
        Assert.That((candidate.IsCutOff, candidate.Elector.IsLeading), Is.EqualTo((true, false)));
    }

    [Test]
    public async Task Work_is_cancelled_in_time_when_a_renewal_hangs()
    {
        await using var candidate = new Candidate(_server, _time);
        await candidate.LeadsAsync();
        _server.Before = (_, cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        await RenewsAsync();

        _time.Advance(TimeSpan.FromSeconds(8));

        await Assert.ThrowsAsync<LeadershipLostException>(() => candidate.Running);
        Assert.That(candidate.IsCutOff, Is.True);
    }

    [Test]
    public async Task A_term_counts_from_when_the_renewal_was_sent()
    {
        await using var candidate = new Candidate(_server, _time);
        await candidate.LeadsAsync();
        var answer = new TaskCompletionSource();
        _server.Before = (_, _) => answer.Task;
        await RenewsAsync();
        _time.Advance(TimeSpan.FromSeconds(7));
        _server.Before = (_, cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);

        answer.SetResult();
        await _time.PauseBegunAsync();
        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.That(candidate.Elector.IsLeading, Is.False);
    }

    [Test]
    public async Task A_replica_that_was_frozen_notices_at_once_that_its_term_is_over_and_does_not_touch_the_lease()
    {
        await using var candidate = new Candidate(_server, _time);
        await candidate.LeadsAsync();
        await _time.PauseBegunAsync();
        var writes = _server.Writes.Count;

        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.That(candidate.Elector.IsLeading, Is.False);
        await Assert.ThrowsAsync<LeadershipLostException>(() => candidate.Running);
        Assert.That((candidate.IsCutOff, _server.Writes.Count), Is.EqualTo((true, writes)));
    }

    [Test]
    public async Task The_lease_is_renewed_while_work_ends_and_released_afterwards()
    {
        await using var candidate = new Candidate(_server, _time);
        await candidate.LeadsAsync();

        await candidate.StopAsync();
        await RenewsAsync();
        Assert.That((candidate.IsCutOff, candidate.Elector.IsLeading), Is.EqualTo((false, true)));
        candidate.Finish();
        await candidate.Running;

        using (Assert.EnterMultipleScope())
        {
            Assert.That((candidate.Elector.IsLeading, _server.Holder), Is.EqualTo((false, "")));
            Assert.That(_server.Spec.Number("leaseDurationSeconds"), Is.EqualTo(1));
            Assert.That(_server.Spec.Number("leaseTransitions"), Is.Zero);
            Assert.That(_server.Spec.Text("renewTime"), Is.EqualTo("2000-01-01T00:00:02.000000Z"));
            Assert.That(candidate.Log.Lines[^1], Is.EqualTo("Released Lease n/l"));
        }
    }

    [Test]
    public async Task The_lease_is_released_when_work_fails()
    {
        await using var candidate = new Candidate(_server, _time);
        await candidate.LeadsAsync();

        candidate.Finish(new InvalidOperationException("broken"));

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => candidate.Running);
        Assert.That((failure!.Message, _server.Holder), Is.EqualTo(("broken", "")));
    }

    [Test]
    public async Task A_lease_that_cannot_be_released_expires()
    {
        await using var candidate = new Candidate(_server, _time);
        await candidate.LeadsAsync();
        _server.Before = (_, _) => throw new KubernetesApiException(503, "ServiceUnavailable", "down");

        candidate.Finish();
        await candidate.Running;

        Assert.That(candidate.Log.Lines[^1], Is.EqualTo(
            "Lease n/l was not released: down. Other replicas wait 00:00:15 until it expires"));
    }

    [Test]
    public async Task A_replica_that_is_stopped_while_it_waits_has_written_nothing()
    {
        _server.HeldBy("another");
        await using var candidate = new Candidate(_server, _time);
        await StandsByAsync(candidate);

        await candidate.StopAsync();

        await Assert.ThatAsync(() => candidate.Running, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_server.Writes, Is.Empty);
    }

    [TestCase(10, 10, 2)]
    [TestCase(15, 2, 2)]
    [TestCase(15, 10, 0)]
    public void Durations_that_allow_two_leaders_are_rejected(int leaseDuration, int renewDeadline, int retryPeriod)
    {
        var options = new LeaderElectionOptions
        {
            LeaseDuration = TimeSpan.FromSeconds(leaseDuration),
            RenewDeadline = TimeSpan.FromSeconds(renewDeadline),
            RetryPeriod = TimeSpan.FromSeconds(retryPeriod),
        };
        Assert.Throws<ArgumentException>(() => _ = new Candidate(_server, _time, options: options));
    }

    [Test]
    public void Providers_of_different_names_or_groups_have_different_leases()
    {
        Identity[] providers =
        [
            new(new ProviderApi(ProviderApi.DefaultGroup), "ocm", "system"),
            new(new ProviderApi(ProviderApi.RenamedGroup), "ocm", "system"),
            new(new ProviderApi(ProviderApi.DefaultGroup), "ocm-2", "system"),
            new(new ProviderApi(ProviderApi.DefaultGroup), new string('x', 200), "system"),
            new(new ProviderApi(ProviderApi.DefaultGroup), new string('x', 199) + "y", "system"),
        ];

        var leases = providers.Select(provider => provider.Lease).ToList();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(leases[0], Is.EqualTo(new ObjectKey("system", "ocm.services.openmcp.cloud--ocm")));
            Assert.That(leases, Is.Unique);
            Assert.That(leases.Select(lease => lease.Name.Length), Has.All.AtMost(63));
        }
    }

    private async Task StandsByAsync(Candidate candidate)
    {
        await candidate.SaysAsync("Waiting for Lease");
        await Eventually.Async(() => _server.Watches > 0, "it watches");
    }

    // The next pause passes, and it is tried to renew the lease.
    private async Task RenewsAsync()
    {
        var writes = _server.Writes.Count;
        await _time.PassPauseAsync();
        await Eventually.Async(() => _server.Writes.Count > writes, "it renews");
    }

    private Task PassUntilAsync(Func<bool> condition, string because) => Eventually.Async(
        () =>
        {
            var holds = condition();
            if (!holds)
            {
                _time.Advance(Step);
            }

            return holds;
        },
        because);

    private TimeSpan FirstWriteSince(long timestamp) => _time.GetElapsedTime(timestamp, _server.Writes[0].Timestamp);
}
