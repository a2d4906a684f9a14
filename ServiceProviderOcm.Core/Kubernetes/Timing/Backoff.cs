namespace ServiceProviderOcm.Core.Kubernetes.Timing;

/// <summary>
/// Exponential back-off: the delay doubles with each consecutive failure up to a maximum. Jitter shortens it by up to a half, so that
/// clients that failed together do not retry together.
/// </summary>
/// <param name="baseDelay">The delay after the first failure, without jitter.</param>
/// <param name="maxDelay">The maximum delay.</param>
/// <param name="random">Jitter.</param>
public sealed class Backoff(TimeSpan baseDelay, TimeSpan maxDelay, Random random)
{
    // Beyond that every delay is the maximum.
    private const int MaxDoublings = 40;

    /// <summary>The delay before the next attempt.</summary>
    /// <param name="earlierFailures">The number of consecutive failures before the latest.</param>
    public TimeSpan Delay(int earlierFailures)
    {
        var doubled = baseDelay.TotalMilliseconds * Math.Pow(2, Math.Min(earlierFailures, MaxDoublings));
        var jitter = 0.5 + (random.NextDouble() / 2);
        return TimeSpan.FromMilliseconds(Math.Min(doubled, maxDelay.TotalMilliseconds) * jitter);
    }
}
