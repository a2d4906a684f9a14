namespace ServiceProviderOcm.Core.Kubernetes.WorkQueue;

/// <summary>Rate limits of a queue. The defaults are client-go's, with a lower maximum delay.</summary>
public sealed record WorkQueueOptions
{
    /// <summary>The delay after a key's first failure, which doubles with each consecutive one.</summary>
    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>The maximum delay.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The average number of retries per second, over all keys.</summary>
    public double RetriesPerSecond { get; init; } = 10;

    /// <summary>The maximum number of retries at once.</summary>
    public int RetryBurst { get; init; } = 100;

    /// <summary>The maximum number of keys of one namespace that are processed at the same time, at least 1.</summary>
    public int MaxRunningPerNamespace { get; init; } = int.MaxValue;
}
