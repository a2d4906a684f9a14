namespace ServiceProviderOcm.Core.Kubernetes.WorkQueue;

/// <summary>How failing keys are held back. The defaults are client-go's, with a lower ceiling.</summary>
public sealed record WorkQueueOptions
{
    /// <summary>The pause after a key's first failure; each further failure doubles it.</summary>
    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>The longest pause.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How many retries per second all keys may have together, in the long run.</summary>
    public double RetriesPerSecond { get; init; } = 10;

    /// <summary>How many retries may come at once after a quiet time.</summary>
    public int RetryBurst { get; init; } = 100;
}
