using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.LeaderElection;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Logs;

namespace ServiceProviderOcm.Tests.Kubernetes.LeaderElection;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PeerLeaseTests
{
    private const string LongAgo = "2025-12-30T00:00:00.000000Z";
    private const string TwoHoursBehind = "2025-12-31T22:00:00.000000Z";

    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 10, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Now);
    private readonly LogLines<PeerLease> _log = new();
    private readonly LeaseServer _server;
    private readonly PeerLease _peer;

    public PeerLeaseTests()
    {
        _server = new LeaseServer(_time);
        _peer = new PeerLease(_server, new ObjectKey("n", "l"), TimeSpan.FromMinutes(5), _time, _log);
    }

    [Test]
    public void A_missing_lease_is_free() => Assert.That(WaitAsync().IsCompletedSuccessfully, Is.True);

    [Test]
    public void A_lease_without_holder_is_free()
    {
        _server.HeldBy("");

        Assert.That(WaitAsync().IsCompletedSuccessfully, Is.True);
    }

    [Test]
    public void A_lease_that_expired_long_ago_is_free()
    {
        _server.HeldBy("go", renewTime: LongAgo);

        Assert.That(WaitAsync().IsCompletedSuccessfully, Is.True);
    }

    [TestCase(null, "2026-01-01T00:00:00.000000Z")]
    [TestCase("", "2026-01-01T00:00:00.000000Z")]
    [TestCase("go", LongAgo)]
    public async Task A_lease_that_is_missing_released_or_expired_long_ago_has_no_holder_at_once(string? holder, string renewTime)
    {
        if (holder is not null)
        {
            _server.HeldBy(holder, renewTime: renewTime);
        }

        Assert.That(await _peer.FindHolderAsync(default), Is.Empty);
    }

    [Test]
    public async Task The_holder_is_known_once_it_renews_the_lease_by_whatever_clock()
    {
        _server.HeldBy("go", renewTime: TwoHoursBehind);
        var finding = _peer.FindHolderAsync(default);
        Assert.That(finding.IsCompleted, Is.False);

        _server.HeldBy("go", renewTime: "2025-12-31T22:00:02.000000Z");
        await AdvanceAsync(finding);

        Assert.That(await finding, Is.EqualTo("go"));
    }

    [TestCase(15, "")]
    [TestCase(3600, "go")]
    public async Task A_lease_that_is_not_renewed_has_no_holder_if_it_expires_within_a_minute(int seconds, string holder)
    {
        _server.HeldBy("go", seconds);
        var finding = _peer.FindHolderAsync(default);

        await AdvanceAsync(finding);

        Assert.That(await finding, Is.EqualTo(holder));
    }

    [Test]
    public void A_lease_whose_holder_has_a_clock_far_behind_is_waited_for()
    {
        _server.HeldBy("go", renewTime: TwoHoursBehind);

        Assert.That((WaitAsync().IsCompleted, _peer.Holder), Is.EqualTo((false, "go")));
    }

    [Test]
    public async Task A_held_lease_is_waited_for_until_it_is_released()
    {
        _server.HeldBy("go");
        var waiting = WaitAsync();
        Assert.That((waiting.IsCompleted, _peer.Holder), Is.EqualTo((false, "go")));

        for (var second = 0; second < 60; second += 2)
        {
            _server.HeldBy("go", renewTime: $"2026-01-01T00:00:{second:00}.000000Z");
            _time.Advance(TimeSpan.FromSeconds(2));
            Assert.That(waiting.IsCompleted, Is.False);
        }

        _server.HeldBy("");
        await AdvanceAsync(waiting);

        Assert.That(_log.Lines.Count(line => line.Contains("which go holds", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task A_lease_that_is_not_renewed_any_more_is_free_after_its_duration()
    {
        _server.HeldBy("go");
        var started = _time.GetUtcNow();

        await AdvanceAsync(WaitAsync());

        Assert.That(_time.GetUtcNow() - started, Is.InRange(TimeSpan.FromSeconds(14), TimeSpan.FromSeconds(60)));
    }

    [Test]
    public async Task A_lease_that_may_not_be_read_for_a_minute_is_not_waited_for_and_not_known_to_be_free()
    {
        _server.HeldBy("go");
        _server.Before = (_, _) => throw new KubernetesApiException(403, "Forbidden", "leases is forbidden");
        var started = _time.GetUtcNow();
        var waiting = WaitAsync();

        await AdvanceAsync(waiting);

        Assert.That(await waiting, Is.False);
        Assert.That(_time.GetUtcNow() - started, Is.InRange(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(70)));
        Assert.That(_log.Lines[^1], Does.Contain("is not considered: leases is forbidden"));
    }

    [Test]
    public async Task A_lease_that_may_be_read_after_a_moment_is_waited_for()
    {
        _server.HeldBy("go");
        _server.Before = (_, _) => throw new KubernetesApiException(403, "Forbidden", "leases is forbidden");
        var waiting = WaitAsync();
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.That(_peer.LastError, Is.EqualTo("leases is forbidden"));

        _server.Before = (_, _) => Task.CompletedTask;
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.That((waiting.IsCompleted, _peer.Holder, _peer.LastError), Is.EqualTo((false, "go", "")));
        _server.HeldBy("");
        await AdvanceAsync(waiting);
        Assert.That(await waiting, Is.True);
    }

    [Test]
    public async Task An_error_is_retried()
    {
        _server.Before = (_, _) => throw new KubernetesApiException(0, "Unreachable", "connection refused");
        var waiting = WaitAsync();
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.That(waiting.IsCompleted, Is.False);

        _server.Before = (_, _) => Task.CompletedTask;

        await AdvanceAsync(waiting);
    }

    [TestCase(299, 0)]
    [TestCase(300, 1)]
    [TestCase(598, 1)]
    [TestCase(600, 2)]
    public void A_lease_that_stays_held_is_an_error_after_the_wait_timeout_and_again_after_each(int seconds, int errors)
    {
        _server.HeldBy("go");
        var waiting = WaitAsync();

        PassWhile(seconds, () => _server.HeldBy("go", renewTime: _time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture)));

        var found = _log.Lines.Where(line => line.Contains("is still held by go after", StringComparison.Ordinal)).ToList();
        Assert.That((waiting.IsCompleted, found.Count), Is.EqualTo((false, errors)));
        Assert.That(found, Is.All.Contains("must stop the other provider"));
    }

    [Test]
    public void A_lease_that_cannot_be_read_is_an_error_after_the_wait_timeout()
    {
        _server.Before = (_, _) => throw new KubernetesApiException(0, "Unreachable", "connection refused");
        _ = WaitAsync();

        PassWhile(300, () => { });

        Assert.That(_log.Lines[^1], Does.Contain("could not be read for 300s").And.Contains("connection refused"));
    }

    private void PassWhile(int seconds, Action act)
    {
        for (var second = 0; second < seconds; second++)
        {
            act();
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private Task<bool> WaitAsync() => _peer.WaitUntilFreeAsync(CancellationToken.None);

    private Task AdvanceAsync(Task waiting) => Eventually.Async(
        () =>
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            return waiting.IsCompletedSuccessfully;
        },
        "the lease is free");
}
