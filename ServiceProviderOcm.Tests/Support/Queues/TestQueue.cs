using ServiceProviderOcm.Core.Kubernetes.WorkQueue;
using ServiceProviderOcm.Tests.Support.Metrics;

namespace ServiceProviderOcm.Tests.Support.Queues;

/// <summary>Queues for tests.</summary>
internal static class TestQueue
{
    public static RateLimitingQueue<TestReasons> Create(
        TimeProvider time, WorkQueueOptions? options = null, Func<TestReasons, QueuePriority>? priorityOf = null) => new(
        (one, other) => one | other, options ?? new WorkQueueOptions(), time, new Random(1), TestMetrics.Create().Queue, priorityOf);

    /// <summary>The next item; null once the queue is shut down and drained.</summary>
    public static async Task<QueueItem<TestReasons>?> TakeAsync(this RateLimitingQueue<TestReasons> queue, CancellationToken cancellationToken)
    {
        await foreach (var item in queue.TakeAllAsync(cancellationToken))
        {
            return item;
        }

        return null;
    }

    /// <summary>The next item if there is one right now.</summary>
    public static QueueItem<TestReasons>? TakeNow(this RateLimitingQueue<TestReasons> queue)
    {
        using var now = new CancellationTokenSource();
        var taking = queue.TakeAsync(now.Token);
        if (taking.IsCompletedSuccessfully)
        {
            return taking.Result;
        }

        now.Cancel();
        return null;
    }
}
