using System.Threading.Channels;
using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Sandbox.StandIns;

/// <summary>A few workers who look at keys, each key by one of them at a time, and again a little later if it is not done.</summary>
/// <param name="look">Looks at a key; false if it has to be looked at again though nothing may change.</param>
/// <param name="time">Clock.</param>
public sealed class KeyedWorkers<TKey>(Func<TKey, CancellationToken, Task<bool>> look, TimeProvider time)
    where TKey : notnull
{
    private const int Count = 8;

    private static readonly TimeSpan Backoff = TimeSpan.FromMilliseconds(100);

    private readonly Channel<TKey>[] _queues = [.. Enumerable.Range(0, Count).Select(_ => Channel.CreateUnbounded<TKey>())];

    /// <summary>Has a key looked at, after a while.</summary>
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

    /// <summary>Works until cancelled.</summary>
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
        }
    }

    private async Task<bool> TryAsync(TKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await look(key, cancellationToken);
        }
        catch (KubernetesApiException)
        {
            return false;
        }
    }

    // Nobody reads the queue any more where the workers have been stopped meanwhile.
    private async Task AddLaterAsync(TKey key, TimeSpan after)
    {
        await Task.Delay(after, time, CancellationToken.None);
        Add(key);
    }

    private void Add(TKey key) => _queues[(uint)key.GetHashCode() % Count].Writer.TryWrite(key);
}
