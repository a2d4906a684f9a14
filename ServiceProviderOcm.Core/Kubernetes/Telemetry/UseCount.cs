namespace ServiceProviderOcm.Core.Kubernetes.Telemetry;

/// <summary>Counts what is in use, such as open connections. Thread-safe.</summary>
public sealed class UseCount
{
    private int _count;

    /// <summary>The number in use.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>One more is in use.</summary>
    public void Began() => Interlocked.Increment(ref _count);

    /// <summary>One is no longer in use.</summary>
    public void Ended() => Interlocked.Decrement(ref _count);
}
