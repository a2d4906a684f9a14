using System.Threading.Channels;
using ServiceProviderOcm.Core.Client;

namespace ServiceProviderOcm.Tests.StandIns;

/// <summary>A few workers who look at keys, each key by one of them at a time, and again a little later if it is not done.</summary>
/// <param name="look">Looks at a key; false if it has to be looked at again though nothing may change.</param>
public sealed class KeyedWorkers<TKey>(Func<TKey, CancellationToken, Task<bool>> look)
    where TKey : notnull
{
    private const int Count = 8;

    private static readonly TimeSpan Backoff = TimeSpan.FromMilliseconds(100);

    private readonly Channel<TKey>[] _queues = [.. Enumerable.Range(0, Count).Select(_ => Channel.CreateUnbounded<TKey>())];

    /// <summary>Has a key looked at.</summary>
    public void Add(TKey key) => _queues[(uint)key.GetHashCode() % Count].Writer.TryWrite(key);

    /// <summary>Works until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_queues.Select(queue => WorkAsync(queue.Reader, cancellationToken)));

    private async Task WorkAsync(ChannelReader<TKey> queue, CancellationToken cancellationToken)
    {
        await foreach (var key in queue.ReadAllAsync(cancellationToken))
        {
            if (!await TryAsync(key, cancellationToken))
            {
                _ = AddLaterAsync(key, cancellationToken);
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

    private async Task AddLaterAsync(TKey key, CancellationToken cancellationToken)
    {
        await Task.Delay(Backoff, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Add(key);
    }
}
