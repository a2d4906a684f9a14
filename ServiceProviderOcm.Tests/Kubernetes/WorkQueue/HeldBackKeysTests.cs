using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;
using ServiceProviderOcm.Tests.Support.Queues;

namespace ServiceProviderOcm.Tests.Kubernetes.WorkQueue;

/// <summary>A queue that processes two keys of one namespace at the same time.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HeldBackKeysTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly ObjectKey Other = new("other", "0");

    private readonly RateLimitingQueue<TestReasons> _queue =
        TestQueue.Create(new FakeTimeProvider(), new WorkQueueOptions { MaxRunningPerNamespace = 2 });

    public void Dispose() => _queue.Dispose();

    [Test]
    public void A_key_of_another_namespace_is_taken_while_others_are_held_back()
    {
        Add(100);
        Assert.That((Take(), Take(), Take()), Is.EqualTo(((ObjectKey?)Key(0), (ObjectKey?)Key(1), (ObjectKey?)null)));

        _queue.Add(Other, TestReasons.Changed);

        Assert.That((Take(), Take(), _queue.Count), Is.EqualTo(((ObjectKey?)Other, (ObjectKey?)null, 98)));
    }

    [Test]
    public async Task A_waiting_worker_gets_a_key_that_was_held_back_as_soon_as_one_of_its_namespace_is_done()
    {
        Add(3);
        Take();
        Take();
        var taken = _queue.TakeAsync(CancellationToken.None);
        Assert.That(taken.IsCompleted, Is.False);

        _queue.Done(Key(1));

        Assert.That((await taken.WaitAsync(Timeout))?.Key, Is.EqualTo(Key(2)));
    }

    [Test]
    public void A_key_that_was_added_while_it_was_processed_is_behind_those_that_were_held_back()
    {
        Add(3);
        Take();
        Take();
        _queue.Add(Key(0), TestReasons.Changed);

        _queue.Done(Key(0));
        Assert.That((Take(), Take()), Is.EqualTo(((ObjectKey?)Key(2), (ObjectKey?)null)));
        _queue.Done(Key(2));
        Assert.That((Take(), Take()), Is.EqualTo(((ObjectKey?)Key(0), (ObjectKey?)null)));
    }

    [Test]
    public async Task After_a_shutdown_keys_that_are_held_back_are_handed_out()
    {
        Add(4);
        Take();
        Take();
        var first = _queue.TakeAsync(CancellationToken.None);

        _queue.ShutDown();
        Assert.That(first.IsCompleted, Is.False);
        _queue.Done(Key(0));
        Assert.That((await first.WaitAsync(Timeout))?.Key, Is.EqualTo(Key(2)));
        _queue.Done(Key(1));
        Assert.That(Take(), Is.EqualTo(Key(3)));

        Assert.That(await _queue.TakeAsync(CancellationToken.None).WaitAsync(Timeout), Is.Null);
    }

    private static ObjectKey Key(int number) => new("many", $"{number}");

    private void Add(int count)
    {
        for (var number = 0; number < count; number++)
        {
            _queue.Add(Key(number), TestReasons.Changed);
        }
    }

    private ObjectKey? Take() => _queue.TakeNow()?.Key;
}
