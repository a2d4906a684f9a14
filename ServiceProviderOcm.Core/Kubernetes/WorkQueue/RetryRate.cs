namespace ServiceProviderOcm.Core.Kubernetes.WorkQueue;

/// <summary>
/// Limits the rate of retries over all keys. Those that wait share it equally by namespace, so that a namespace with many failures delays
/// its own retries, not those of others. Not thread-safe.
/// </summary>
internal sealed class RetryRate(double perSecond, int burst, TimeProvider time)
{
    private readonly TokenBucket _bucket = new(perSecond, burst, time);
    private readonly Dictionary<string, TimeSpan> _lastRetries = new(StringComparer.Ordinal);
    private readonly long _start = time.GetTimestamp();

    /// <summary>How long the next retry in a namespace must wait.</summary>
    public TimeSpan Take(string ns)
    {
        var now = time.GetElapsedTime(_start);
        foreach (var (waiting, last) in _lastRetries)
        {
            if (last <= now)
            {
                _lastRetries.Remove(waiting);
            }
        }

        var others = _lastRetries.Count - (_lastRetries.ContainsKey(ns) ? 1 : 0);
        var byShare = _lastRetries.GetValueOrDefault(ns, now) - now + TimeSpan.FromSeconds((others + 1) / perSecond);
        var byRate = _bucket.Take();
        var wait = byRate < byShare ? byRate : byShare;
        if (wait > TimeSpan.Zero)
        {
            _lastRetries[ns] = now + wait;
        }

        return wait;
    }
}
