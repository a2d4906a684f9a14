using System.Threading.Channels;

namespace ServiceProviderOcm.Sandbox.ApiServer.Storage;

/// <summary>The changes from some version on. Dispose it to hear no more.</summary>
internal sealed class StoreFeed(ChannelReader<StoreChange> changes, Action leave) : IDisposable
{
    /// <summary>The changes, in their order.</summary>
    public ChannelReader<StoreChange> Changes => changes;

    /// <inheritdoc/>
    public void Dispose() => leave();
}
