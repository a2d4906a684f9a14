using System.Threading.Channels;

namespace ServiceProviderOcm.Sandbox.ApiServer.Storage;

/// <summary>The changes after a resource version, until disposed.</summary>
internal sealed class StoreFeed(ChannelReader<StoreChange> changes, Action leave) : IDisposable
{
    /// <summary>The changes, in their order.</summary>
    public ChannelReader<StoreChange> Changes => changes;

    public void Dispose() => leave();
}
