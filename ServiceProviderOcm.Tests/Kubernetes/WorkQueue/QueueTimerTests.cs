using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Timing;
using ServiceProviderOcm.Tests.Support.Queues;

namespace ServiceProviderOcm.Tests.Kubernetes.WorkQueue;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class QueueTimerTests
{
    private static readonly ObjectKey A = new("ns", "a");
    private static readonly ObjectKey B = new("ns", "b");

    private readonly FakeTimeProvider _clock = new();
    private readonly PendingTimers _time;

    public QueueTimerTests() => _time = new PendingTimers(_clock);

    [Test]
    public void A_queue_without_delayed_keys_has_no_timer()
    {
        using var queue = TestQueue.Create(_time);
        queue.AddAfter(A, TimeSpan.FromHours(1), TestReasons.Changed);
        queue.AddAfter(B, TimeSpan.FromHours(1), TestReasons.Changed);
        queue.DropDelay(A);
        var withB = _time.Count;
        queue.DropDelay(B);

        Assert.That((withB, _time.Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public void A_timer_counts_until_it_fires_or_is_disposed()
    {
        using var once = _time.CreateTimer(_ => { }, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        var repeated = _time.CreateTimer(_ => { }, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        using var idle = _time.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var started = _time.Count;
        _clock.Advance(TimeSpan.FromSeconds(1));
        var fired = _time.Count;
        once.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        var changed = _time.Count;
        repeated.Dispose();

        Assert.That((started, fired, changed, _time.Count), Is.EqualTo((2, 1, 2, 1)));
    }
}
