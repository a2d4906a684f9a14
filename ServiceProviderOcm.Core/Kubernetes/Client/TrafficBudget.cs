namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>
/// What one informer has received within a minute. It outlives the single list or watch, so that a server gains nothing by ending them.
/// Not thread-safe.
/// </summary>
public sealed class TrafficBudget
{
    /// <summary>What an event counts at least, in bytes: to process it costs more than to read it.</summary>
    public const int LeastBytes = 4096;

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private long? _started;
    private long _bytes;

    /// <summary>Charges what was received.</summary>
    /// <param name="bytes">How much.</param>
    /// <param name="limit">The limit within a minute; null: none.</param>
    /// <param name="time">Clock.</param>
    /// <returns>Null, or how long to wait because the limit is exceeded, and what was received.</returns>
    internal (TimeSpan Wait, long Received)? Charge(long bytes, long? limit, TimeProvider time)
    {
        if (_started is not { } started || time.GetElapsedTime(started) >= Period)
        {
            _started = started = time.GetTimestamp();
            _bytes = 0;
        }

        _bytes += Math.Max(bytes, LeastBytes);
        return _bytes > limit ? (Period - time.GetElapsedTime(started), _bytes) : null;
    }
}
