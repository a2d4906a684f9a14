using System.Threading.Channels;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Sandbox.Demo.StandIns;

/// <summary>Workers that reconcile keys, one at a time per key, and requeue a key after a short delay if it is not done.</summary>
/// <param name="reconcile">Reconciles a key; false to requeue it.</param>
/// <param name="time">Clock.</param>
public sealed class KeyedWorkers<TKey>(Func<TKey, CancellationToken, Task<bool>> reconcile, TimeProvider time)
    where TKey : notnull
{
    private const int Count = 8;

    private static readonly TimeSpan Backoff = TimeSpan.FromMilliseconds(100);

    private readonly Channel<TKey>[] _queues = [.. Enumerable.Range(0, Count).Select(_ => Channel.CreateUnbounded<TKey>())];

    private int _unfinished;

    /// <summary>Whether keys are queued or being reconciled; those that wait for a delay do not count.</summary>
    public bool IsBusy => Volatile.Read(ref _unfinished) > 0;

    /// <summary>Enqueues a key after a delay.</summary>
    public void Add(TKey key, TimeSpan after)
    {
        if (after > TimeSpan.Zero)
        {
            _ = AddLaterAsync(key, after);
        }
        else
        {
            Add(key);
        }
    }

    /// <summary>Runs until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_queues.Select(queue => WorkAsync(queue.Reader, cancellationToken)));

    private async Task WorkAsync(ChannelReader<TKey> queue, CancellationToken cancellationToken)
    {
        await foreach (var key in queue.ReadAllAsync(cancellationToken))
        {
            if (!await TryAsync(key, cancellationToken))
            {
                _ = AddLaterAsync(key, Backoff);
            }

            Interlocked.Decrement(ref _unfinished);
        }
    }

    private async Task<bool> TryAsync(TKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await reconcile(key, cancellationToken);
        }
        catch (KubernetesApiException)
        {
            return false;
        }
    }

    // Has no effect once the workers have stopped.
    private async Task AddLaterAsync(TKey key, TimeSpan after)
    {
        await Task.Delay(after, time, CancellationToken.None);
        Add(key);
    }

    private void Add(TKey key)
    {
        Interlocked.Increment(ref _unfinished);
        _queues[(uint)key.GetHashCode() % Count].Writer.TryWrite(key);
    }
}
