using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;
using ServiceProviderOcm.Tests.Support.Queues;

namespace ServiceProviderOcm.Tests.Kubernetes.WorkQueue;

public sealed class QueuePriorityTests
{
    private static readonly ObjectKey A = new("ns", "a");
    private static readonly ObjectKey B = new("ns", "b");

    private readonly FakeTimeProvider _time = new();

    [Test]
    public void A_key_with_an_urgent_reason_is_taken_before_those_that_have_waited_longer()
    {
        using var queue = TestQueue.Create(_time, priorityOf: PriorityOf);
        queue.Add(A, TestReasons.Interval);
        queue.Add(B, TestReasons.Retry);
        queue.Add(B, TestReasons.Changed);

        Assert.That(
            (queue.TakeNow()?.Key, queue.TakeNow()?.Key, queue.TakeNow()),
            Is.EqualTo(((ObjectKey?)B, (ObjectKey?)A, (QueueItem<TestReasons>?)null)));
    }

    [Test]
    public void A_key_that_is_processed_keeps_the_priority_for_the_next_time()
    {
        using var queue = TestQueue.Create(_time, priorityOf: PriorityOf);
        queue.Add(B, TestReasons.Interval);
        queue.TakeNow();
        queue.Add(B, TestReasons.Changed);
        queue.Add(A, TestReasons.Interval);
        queue.Done(B);

        Assert.That(queue.TakeNow()?.Key, Is.EqualTo(B));
    }

    private static QueuePriority PriorityOf(TestReasons reasons) =>
        reasons.HasFlag(TestReasons.Changed) ? QueuePriority.Urgent : QueuePriority.Low;
}
