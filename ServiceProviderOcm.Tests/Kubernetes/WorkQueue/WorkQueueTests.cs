using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;
using ServiceProviderOcm.Tests.Telemetry;

namespace ServiceProviderOcm.Tests.Kubernetes.WorkQueue;

public sealed class WorkQueueTests
{
    private static readonly ObjectKey A = new("ns", "a");
    private static readonly ObjectKey B = new("ns", "b");

    private readonly FakeTimeProvider _time = new();
    private RateLimitingQueue _queue = null!;

    [SetUp]
    public void Create() => _queue = new RateLimitingQueue(new WorkQueueOptions(), _time, new Random(1), TestMetrics.Create().Queue);

    [TearDown]
    public void Dispose() => _queue.Dispose();

    [Test]
    public void Keys_come_in_the_order_in_which_they_were_added()
    {
        _queue.Add(B);
        _queue.Add(A);

        Assert.That((Take(), Take(), Take()), Is.EqualTo((B, A, Nothing)));
    }

    [Test]
    public void A_key_waits_at_most_once()
    {
        _queue.Add(A);
        _queue.Add(A);

        Assert.That(_queue.Count, Is.EqualTo(1));
        Assert.That((Take(), Take()), Is.EqualTo((A, Nothing)));
        Assert.That(_queue.Count, Is.Zero);
    }

    [Test]
    public void A_key_that_is_added_while_it_is_worked_on_comes_back_when_that_is_done()
    {
        _queue.Add(A);
        Take();
        _queue.Add(A);
        _queue.Add(A);

        Assert.That(Take(), Is.EqualTo(Nothing));
        Assert.That(_queue.Count, Is.Zero);
        _queue.Done(A);
        Assert.That(_queue.Count, Is.EqualTo(1));
        Assert.That((Take(), Take()), Is.EqualTo((A, Nothing)));
    }

    [Test]
    public void A_key_that_is_done_does_not_come_back_by_itself()
    {
        _queue.Add(A);
        Take();
        _queue.Done(A);

        Assert.That(Take(), Is.EqualTo(Nothing));
    }

    [Test]
    public void Whoever_waits_gets_the_next_key()
    {
        var taken = _queue.TakeAsync(CancellationToken.None).AsTask();
        Assert.That(taken.IsCompleted, Is.False);

        _queue.Add(A);

        Assert.That(taken.WaitAsync(TimeSpan.FromSeconds(30)).GetAwaiter().GetResult(), Is.EqualTo(A));
    }

    [Test]
    public void Whoever_gives_up_takes_no_key_along()
    {
        using var cancellation = new CancellationTokenSource();
        var taken = _queue.TakeAsync(cancellation.Token).AsTask();
        cancellation.Cancel();
        Assert.That(async () => await taken, Throws.InstanceOf<OperationCanceledException>());

        _queue.Add(A);

        Assert.That(Take(), Is.EqualTo(A));
    }

    [Test]
    public void A_delayed_key_comes_when_its_time_has_come_and_not_before()
    {
        _queue.AddAfter(A, TimeSpan.FromSeconds(10));

        _time.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromMilliseconds(1));
        Assert.That(Take(), Is.EqualTo(Nothing));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That((Take(), Take()), Is.EqualTo((A, Nothing)));
    }

    [TestCase(0)]
    [TestCase(-5)]
    public void Without_a_delay_a_key_comes_at_once(int seconds)
    {
        _queue.AddAfter(A, TimeSpan.FromSeconds(seconds));

        Assert.That(Take(), Is.EqualTo(A));
    }

    [TestCase(1, 10)]
    [TestCase(10, 1)]
    public void Of_two_delays_the_one_that_ends_first_counts(int first, int second)
    {
        _queue.AddAfter(A, TimeSpan.FromSeconds(first));
        _queue.AddAfter(A, TimeSpan.FromSeconds(second));

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(Take(), Is.EqualTo(A));
        _queue.Done(A);
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.That(Take(), Is.EqualTo(Nothing));
    }

    [Test]
    public void A_delayed_key_that_is_added_comes_at_once_and_only_once()
    {
        _queue.AddAfter(A, TimeSpan.FromSeconds(10));
        _queue.Add(A);

        Assert.That(Take(), Is.EqualTo(A));
        _queue.Done(A);
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.That(Take(), Is.EqualTo(Nothing));
    }

    [Test]
    public void A_delay_that_begins_while_the_key_waits_counts_too()
    {
        _queue.Add(A);
        _queue.AddAfter(A, TimeSpan.FromSeconds(1));
        Take();
        _queue.Done(A);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(Take(), Is.EqualTo(A));
    }

    [Test]
    public void A_delay_that_ends_while_the_key_is_worked_on_brings_it_back()
    {
        _queue.Add(A);
        Take();
        _queue.AddAfter(A, TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.That(Take(), Is.EqualTo(Nothing));
        _queue.Done(A);
        Assert.That(Take(), Is.EqualTo(A));
    }

    [Test]
    public void Several_delays_end_each_at_its_time()
    {
        _queue.AddAfter(B, TimeSpan.FromSeconds(2));
        _queue.AddAfter(A, TimeSpan.FromSeconds(1));

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That((Take(), Take()), Is.EqualTo((A, Nothing)));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That((Take(), Take()), Is.EqualTo((B, Nothing)));
    }

    [Test]
    public void A_delay_of_many_days_ends_at_its_time()
    {
        _queue.AddAfter(A, TimeSpan.FromDays(100));

        _time.Advance(TimeSpan.FromDays(99));
        Assert.That(Take(), Is.EqualTo(Nothing));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.That(Take(), Is.EqualTo(A));
    }

    [Test]
    public void The_longest_delay_there_is_does_no_harm()
    {
        _time.Advance(TimeSpan.FromDays(1));

        _queue.AddAfter(A, TimeSpan.MaxValue);
        _queue.AddRateLimited(B, TimeSpan.MaxValue);
        _queue.AddAfter(B, TimeSpan.FromSeconds(1));

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That((Take(), Take()), Is.EqualTo((B, Nothing)));
    }

    [Test]
    public void A_failed_key_comes_after_the_pause_that_the_server_asked_for()
    {
        _queue.AddRateLimited(A, TimeSpan.FromSeconds(30));

        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.That(Take(), Is.EqualTo(Nothing));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(Take(), Is.EqualTo(A));
    }

    [Test]
    public void After_a_shutdown_what_waits_is_handed_out_and_then_nothing()
    {
        _queue.Add(A);
        _queue.AddAfter(B, TimeSpan.FromSeconds(1));
        _queue.ShutDown();
        _queue.Add(B);
        _queue.AddAfter(B, TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.That(Take(), Is.EqualTo(A));
        Assert.That(End(), Is.Null);
    }

    [Test]
    public void After_a_shutdown_a_key_that_was_to_come_back_still_does()
    {
        _queue.Add(A);
        Take();
        _queue.Add(A);
        _queue.ShutDown();

        Assert.That(Take(), Is.EqualTo(Nothing));
        _queue.Done(A);
        Assert.That(Take(), Is.EqualTo(A));
        _queue.Done(A);
        Assert.That(End(), Is.Null);
    }

    [Test]
    public void A_shutdown_ends_all_waiting()
    {
        var first = _queue.TakeAsync(CancellationToken.None).AsTask();
        var second = _queue.TakeAsync(CancellationToken.None).AsTask();

        _queue.ShutDown();

        Assert.That(
            Task.WhenAll(first, second).WaitAsync(TimeSpan.FromSeconds(30)).GetAwaiter().GetResult(), Is.EqualTo(new ObjectKey?[] { null, null }));
    }

    private static ObjectKey Nothing => new("", "nothing");

    /// <summary>The next key if there is one right now.</summary>
    private ObjectKey Take()
    {
        using var now = new CancellationTokenSource();
        var taken = _queue.TakeAsync(now.Token).AsTask();
        if (taken.IsCompletedSuccessfully)
        {
            return taken.Result ?? Nothing;
        }

        now.Cancel();
        Assert.That(async () => await taken, Throws.InstanceOf<OperationCanceledException>());
        return Nothing;
    }

    private ObjectKey? End() =>
        _queue.TakeAsync(CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(30)).GetAwaiter().GetResult();
}
