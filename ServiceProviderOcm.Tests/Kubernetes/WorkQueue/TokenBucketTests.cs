using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;
using ServiceProviderOcm.Tests.Support.Queues;

namespace ServiceProviderOcm.Tests.Kubernetes.WorkQueue;

public sealed class TokenBucketTests
{
    private readonly FakeTimeProvider _time = new();

    [Test]
    public void After_a_burst_tokens_are_limited_to_the_rate()
    {
        var bucket = new TokenBucket(tokensPerSecond: 10, burst: 3, _time);

        Assert.That(Milliseconds(bucket, 6), Is.EqualTo([0, 0, 0, 100, 200, 300]));
    }

    [Test]
    public void Tokens_are_refilled_over_time_up_to_the_burst()
    {
        var bucket = new TokenBucket(tokensPerSecond: 10, burst: 3, _time);
        Milliseconds(bucket, 4);

        _time.Advance(TimeSpan.FromMilliseconds(200));
        Assert.That(Milliseconds(bucket, 2), Is.EqualTo([0, 100]));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.That(Milliseconds(bucket, 4), Is.EqualTo([0, 0, 0, 100]));
    }

    [Test]
    public void A_token_that_is_not_there_is_not_taken_on_credit_unless_asked_for()
    {
        var bucket = new TokenBucket(tokensPerSecond: 0.125, burst: 1, _time);

        Assert.That((bucket.TryTake(), bucket.TryTake()), Is.EqualTo((TimeSpan.Zero, TimeSpan.FromSeconds(8))));
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.That((bucket.TryTake(), bucket.IsFull), Is.EqualTo((TimeSpan.FromSeconds(4), false)));
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.That((bucket.IsFull, bucket.TryTake(), bucket.IsFull), Is.EqualTo((true, TimeSpan.Zero, false)));
    }

    [Test]
    public void The_rate_of_retries_is_limited_over_all_keys()
    {
        using var queue = TestQueue.Create(
            _time, new WorkQueueOptions { RetriesPerSecond = 1, RetryBurst = 2, BaseDelay = TimeSpan.FromMilliseconds(1) });
        for (var i = 0; i < 5; i++)
        {
            queue.AddRateLimited(new("ns", $"{i}"), TestReasons.Retry);
        }

        var counts = new List<int>();
        _time.Advance(TimeSpan.FromMilliseconds(10));
        counts.Add(queue.Count);
        for (var second = 1; second <= 4; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            counts.Add(queue.Count);
        }

        Assert.That(counts, Is.EqualTo([2, 3, 4, 5, 5]));
    }

    private static double[] Milliseconds(TokenBucket bucket, int times) =>
        [.. Enumerable.Range(0, times).Select(_ => Math.Round(bucket.Take().TotalMilliseconds, 3))];
}
