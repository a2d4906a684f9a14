using System.Threading.Channels;

namespace ServiceProviderOcm.Sandbox.ApiServer.Storage;

/// <summary>The changes after a resource version, until disposed.</summary>
internal sealed class StoreFeed(Action<StoreFeed> leave) : IDisposable
{
    private readonly Channel<StoreChange> _changes =
        Channel.CreateUnbounded<StoreChange>(new UnboundedChannelOptions { SingleReader = true });

    private int _unsent;

    /// <summary>The changes, in their order.</summary>
    public ChannelReader<StoreChange> Changes => _changes.Reader;

    /// <summary>Whether there are changes that the reader has not processed.</summary>
    public bool HasUnsent => Volatile.Read(ref _unsent) > 0;

    public void Add(StoreChange change)
    {
        Interlocked.Increment(ref _unsent);
        _changes.Writer.TryWrite(change);
    }

    /// <summary>The reader has processed so many changes.</summary>
    public void Sent(int count) => Interlocked.Add(ref _unsent, -count);

    public void Dispose() => leave(this);
}
