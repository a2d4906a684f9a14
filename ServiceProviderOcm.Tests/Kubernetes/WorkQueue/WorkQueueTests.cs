using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;
using ServiceProviderOcm.Tests.Support.Queues;

namespace ServiceProviderOcm.Tests.Kubernetes.WorkQueue;

public sealed class WorkQueueTests
{
    private static readonly ObjectKey A = new("ns", "a");
    private static readonly ObjectKey B = new("ns", "b");

    private readonly FakeTimeProvider _time = new();
    private RateLimitingQueue<TestReasons> _queue = null!;

    [SetUp]
    public void Create() => _queue = TestQueue.Create(_time);

    [TearDown]
    public void Dispose() => _queue.Dispose();

    [Test]
    public void Keys_are_taken_in_the_order_in_which_they_were_added()
    {
        _queue.Add(B, TestReasons.Changed);
        _queue.Add(A, TestReasons.Changed);

        Assert.That((Take(), Take(), Take()), Is.EqualTo((B, A, Nothing)));
    }

    [Test]
    public void A_key_that_is_added_twice_waits_once()
    {
        _queue.Add(A, TestReasons.Changed);
        _queue.Add(A, TestReasons.Changed);

        Assert.That(_queue.Count, Is.EqualTo(1));
        Assert.That((Take(), Take()), Is.EqualTo((A, Nothing)));
        Assert.That(_queue.Count, Is.Zero);
    }

    [Test]
    public void A_key_that_is_added_while_it_is_processed_is_ready_again_afterwards()
    {
        _queue.Add(A, TestReasons.Changed);
        Take();
        _queue.Add(A, TestReasons.Changed);
        _queue.Add(A, TestReasons.Changed);

        Assert.That(Take(), Is.EqualTo(Nothing));
        Assert.That(_queue.Count, Is.Zero);
        _queue.Done(A);
        Assert.That(_queue.Count, Is.EqualTo(1));
        Assert.That((Take(), Take()), Is.EqualTo((A, Nothing)));
    }

    [Test]
    public void A_key_that_is_done_is_not_processed_again()
    {
        _queue.Add(A, TestReasons.Changed);
        Take();
        _queue.Done(A);

        Assert.That(Take(), Is.EqualTo(Nothing));
    }

    [Test]
    public void A_waiting_worker_gets_the_next_key()
    {
        var taken = _queue.TakeAsync(CancellationToken.None);
        Assert.That(taken.IsCompleted, Is.False);

        _queue.Add(A, TestReasons.Changed);

        Assert.That(taken.WaitAsync(TimeSpan.FromSeconds(30)).GetAwaiter().GetResult()?.Key, Is.EqualTo(A));
    }

    [Test]
    public void A_cancelled_worker_takes_no_key()
    {
        using var cancellation = new CancellationTokenSource();
        var taken = _queue.TakeAsync(cancellation.Token);
        cancellation.Cancel();
        Assert.That(async () => await taken, Throws.InstanceOf<OperationCanceledException>());

        _queue.Add(A, TestReasons.Changed);

        Assert.That(Take(), Is.EqualTo(A));
    }

    [Test]
    public void A_delayed_key_is_ready_after_its_delay_and_not_before()
    {
        _queue.AddAfter(A, TimeSpan.FromSeconds(10), TestReasons.Interval);

        _time.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromMilliseconds(1));
        Assert.That(Take(), Is.EqualTo(Nothing));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That((Take(), Take()), Is.EqualTo((A, Nothing)));
    }

    [TestCase(0)]
    [TestCase(-5)]
    public void A_key_without_a_delay_is_ready_at_once(int seconds)
    {
        _queue.AddAfter(A, TimeSpan.FromSeconds(seconds), TestReasons.Interval);

        Assert.That(Take(), Is.EqualTo(A));
    }

    [TestCase(1, 10)]
    [TestCase(10, 1)]
    public void Of_two_delays_the_one_that_ends_first_counts(int first, int second)
    {
        _queue.AddAfter(A, TimeSpan.FromSeconds(first), TestReasons.Interval);
        _queue.AddAfter(A, TimeSpan.FromSeconds(second), TestReasons.Interval);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(Take(), Is.EqualTo(A));
        _queue.Done(A);
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.That(Take(), Is.EqualTo(Nothing));
    }

    [Test]
    public void A_delayed_key_that_is_added_without_delay_is_ready_once()
    {
        _queue.AddAfter(A, TimeSpan.FromSeconds(10), TestReasons.Interval);
        _queue.Add(A, TestReasons.Changed);

        Assert.That(Take(), Is.EqualTo(A));
        _queue.Done(A);
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.That(Take(), Is.EqualTo(Nothing));
    }

    [Test]
    public void A_delay_that_begins_while_the_key_waits_is_kept()
    {
        _queue.Add(A, TestReasons.Changed);
        _queue.AddAfter(A, TimeSpan.FromSeconds(1), TestReasons.Interval);
        Take();
        _queue.Done(A);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(Take(), Is.EqualTo(A));
    }

    [Test]
    public void A_delay_that_ends_while_the_key_is_processed_makes_it_ready_again_afterwards()
    {
        _queue.Add(A, TestReasons.Changed);
        Take();
        _queue.AddAfter(A, TimeSpan.FromSeconds(1), TestReasons.Interval);
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.That(Take(), Is.EqualTo(Nothing));
        _queue.Done(A);
        Assert.That(Take(), Is.EqualTo(A));
    }

    [Test]
    public void Delays_of_several_keys_end_in_their_order()
    {
        _queue.AddAfter(B, TimeSpan.FromSeconds(2), TestReasons.Interval);
        _queue.AddAfter(A, TimeSpan.FromSeconds(1), TestReasons.Interval);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That((Take(), Take()), Is.EqualTo((A, Nothing)));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That((Take(), Take()), Is.EqualTo((B, Nothing)));
    }

    [Test]
    public void A_delay_may_be_longer_than_a_timer()
    {
        _queue.AddAfter(A, TimeSpan.FromDays(100), TestReasons.Interval);

        _time.Advance(TimeSpan.FromDays(99));
        Assert.That(Take(), Is.EqualTo(Nothing));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.That(Take(), Is.EqualTo(A));
    }

    [Test]
    public void The_longest_possible_delay_does_not_overflow()
    {
        _time.Advance(TimeSpan.FromDays(1));

        _queue.AddAfter(A, TimeSpan.MaxValue, TestReasons.Interval);
        _queue.AddRateLimited(B, TestReasons.Retry, TimeSpan.MaxValue);
        _queue.AddAfter(B, TimeSpan.FromSeconds(1), TestReasons.Interval);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That((Take(), Take()), Is.EqualTo((B, Nothing)));
    }

    [Test]
    public void A_failed_key_is_retried_after_the_delay_that_the_server_asks_for()
    {
        _queue.AddRateLimited(A, TestReasons.Retry, TimeSpan.FromSeconds(30));

        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.That(Take(), Is.EqualTo(Nothing));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(Take(), Is.EqualTo(A));
    }

    [Test]
    public void After_a_shutdown_waiting_keys_are_handed_out_and_delayed_ones_dropped()
    {
        _queue.Add(A, TestReasons.Changed);
        _queue.AddAfter(B, TimeSpan.FromSeconds(1), TestReasons.Interval);
        _queue.ShutDown();
        _queue.Add(B, TestReasons.Changed);
        _queue.AddAfter(B, TimeSpan.FromSeconds(1), TestReasons.Interval);
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.That(Take(), Is.EqualTo(A));
        Assert.That(End(), Is.Null);
    }

    [Test]
    public void After_a_shutdown_a_key_added_while_it_was_processed_is_processed_again()
    {
        _queue.Add(A, TestReasons.Changed);
        Take();
        _queue.Add(A, TestReasons.Changed);
        _queue.ShutDown();

        Assert.That(Take(), Is.EqualTo(Nothing));
        _queue.Done(A);
        Assert.That(Take(), Is.EqualTo(A));
        _queue.Done(A);
        Assert.That(End(), Is.Null);
    }

    [Test]
    public void A_shutdown_ends_the_wait_of_all_workers()
    {
        var first = _queue.TakeAsync(CancellationToken.None);
        var second = _queue.TakeAsync(CancellationToken.None);

        _queue.ShutDown();

        Assert.That(
            Task.WhenAll(first, second).WaitAsync(TimeSpan.FromSeconds(30)).GetAwaiter().GetResult(), Is.EqualTo(new QueueItem<TestReasons>?[] { null, null }));
    }

    [Test]
    public void Reasons_are_merged_while_a_key_waits()
    {
        _queue.Add(A, TestReasons.Changed);
        _queue.Add(A, TestReasons.Retry);
        _queue.Add(B, TestReasons.Interval);

        Assert.That(
            (_queue.TakeNow(), _queue.TakeNow()),
            Is.EqualTo(((QueueItem<TestReasons>?)new QueueItem<TestReasons>(A, TestReasons.Changed | TestReasons.Retry), (QueueItem<TestReasons>?)new QueueItem<TestReasons>(B, TestReasons.Interval))));
    }

    [Test]
    public void Reasons_that_are_added_while_a_key_is_processed_belong_to_the_next_time()
    {
        _queue.Add(A, TestReasons.Changed);
        var first = _queue.TakeNow();
        _queue.Add(A, TestReasons.Interval);
        _queue.Add(A, TestReasons.Retry);
        _queue.Done(A);

        Assert.That((first?.Reasons, _queue.TakeNow()?.Reasons), Is.EqualTo(((TestReasons?)TestReasons.Changed, (TestReasons?)(TestReasons.Interval | TestReasons.Retry))));
    }

    [Test]
    public void A_delayed_key_keeps_its_reasons_until_it_is_due()
    {
        _queue.AddAfter(A, TimeSpan.FromSeconds(1), TestReasons.Interval);
        _time.Advance(TimeSpan.FromSeconds(1));
        _queue.Add(A, TestReasons.Changed);

        Assert.That(_queue.TakeNow()?.Reasons, Is.EqualTo(TestReasons.Interval | TestReasons.Changed));
    }

    [Test]
    public void The_reasons_of_two_delays_that_end_at_the_same_time_are_merged()
    {
        _queue.AddAfter(A, TimeSpan.FromSeconds(1), TestReasons.Interval);
        _queue.AddAfter(A, TimeSpan.FromSeconds(1), TestReasons.Retry);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(_queue.TakeNow()?.Reasons, Is.EqualTo(TestReasons.Interval | TestReasons.Retry));
    }

    [Test]
    public void A_superseded_delay_is_dropped_with_its_reasons()
    {
        _queue.AddAfter(A, TimeSpan.FromSeconds(5), TestReasons.Interval);
        _queue.AddAfter(A, TimeSpan.FromSeconds(1), TestReasons.Retry);
        _time.Advance(TimeSpan.FromSeconds(1));
        _queue.AddAfter(B, TimeSpan.FromSeconds(5), TestReasons.Interval);
        _queue.Add(B, TestReasons.Changed);

        Assert.That((_queue.TakeNow()?.Reasons, _queue.TakeNow()?.Reasons), Is.EqualTo(((TestReasons?)TestReasons.Retry, (TestReasons?)TestReasons.Changed)));
    }

    [Test]
    public void A_failure_remains_a_reason_when_its_retry_is_superseded()
    {
        _queue.AddRateLimited(A, TestReasons.Retry, TimeSpan.FromSeconds(5));
        _queue.Add(A, TestReasons.Changed);
        _queue.AddRateLimited(B, TestReasons.Retry, TimeSpan.FromSeconds(5));
        _queue.AddAfter(B, TimeSpan.FromSeconds(1), TestReasons.Interval);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(
            (_queue.TakeNow()?.Reasons, _queue.TakeNow()?.Reasons),
            Is.EqualTo((
                (TestReasons?)(TestReasons.Changed | TestReasons.Retry), (TestReasons?)(TestReasons.Interval | TestReasons.Retry))));
    }

    [Test]
    public void A_delayed_change_remains_a_reason_when_its_delay_is_superseded()
    {
        _queue.AddAfter(A, TimeSpan.FromSeconds(5), TestReasons.Changed, isLasting: true);
        _queue.Add(A, TestReasons.Retry);

        Assert.That(_queue.TakeNow()?.Reasons, Is.EqualTo(TestReasons.Changed | TestReasons.Retry));
    }

    [Test]
    public void A_failure_is_a_reason_of_an_earlier_delay_too()
    {
        _queue.AddAfter(A, TimeSpan.FromSeconds(1), TestReasons.Interval);
        _queue.AddRateLimited(A, TestReasons.Retry, TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(_queue.TakeNow()?.Reasons, Is.EqualTo(TestReasons.Interval | TestReasons.Retry));
    }

    [Test]
    public void A_delay_that_is_dropped_does_not_end_and_a_key_that_is_ready_stays()
    {
        _queue.AddAfter(A, TimeSpan.FromSeconds(1), TestReasons.Interval);
        _queue.Add(B, TestReasons.Changed);
        _queue.DropDelay(A);
        _queue.DropDelay(B);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That((Take(), Take()), Is.EqualTo((B, Nothing)));
    }

    [Test]
    public void Nothing_is_left_of_keys_that_are_processed_and_forgotten()
    {
        _queue.AddAfter(A, TimeSpan.FromHours(1), TestReasons.Interval);
        _queue.AddRateLimited(B, TestReasons.Retry, TimeSpan.FromHours(1));
        _queue.Add(A, TestReasons.Changed);
        Assert.That(_queue.Entries, Is.EqualTo(new QueueEntries(Waiting: 1, Delayed: 1, Processing: 0, BackingOff: 1)));
        _queue.Add(B, TestReasons.Changed);
        Take();
        Assert.That(_queue.Entries, Is.EqualTo(new QueueEntries(Waiting: 1, Delayed: 0, Processing: 1, BackingOff: 1)));
        Take();
        _queue.Forget(B);
        _queue.Done(A);
        _queue.Done(B);

        Assert.That(_queue.Entries, Is.EqualTo(default(QueueEntries)));
    }

    private static ObjectKey Nothing => new("", "nothing");

    /// <summary>The next key if there is one right now.</summary>
    private ObjectKey Take() => _queue.TakeNow()?.Key ?? Nothing;

    private QueueItem<TestReasons>? End() =>
        _queue.TakeAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30)).GetAwaiter().GetResult();
}
