namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>How much memory one thing takes of a server's share.</summary>
internal sealed class ReadMemory(ReadShare share) : IDisposable
{
    private readonly Lock _lock = new();
    private long _bytes;

    /// <summary>It takes so much now; returns the limit that is exceeded thereby, or null.</summary>
    public TooLongException? Resize(long bytes)
    {
        lock (_lock)
        {
            var more = bytes - _bytes;
            _bytes = bytes;
            return more == 0 ? null : share.Resize(more);
        }
    }

    public void Dispose() => Resize(0);
}
