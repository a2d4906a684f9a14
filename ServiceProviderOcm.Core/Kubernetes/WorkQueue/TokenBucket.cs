namespace ServiceProviderOcm.Core.Kubernetes.WorkQueue;

/// <summary>
/// Limits the rate of events over all keys. A token may be taken on credit: the answer is how long to wait for it.
/// </summary>
internal sealed class TokenBucket(double tokensPerSecond, int burst, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private double _tokens = burst;
    private TimeSpan _refilledAt;

    public TimeSpan Take()
    {
        var now = time.GetElapsedTime(_start);
        _tokens = Math.Min(burst, _tokens + ((now - _refilledAt).TotalSeconds * tokensPerSecond));
        _refilledAt = now;
        _tokens -= 1;
        return _tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_tokens / tokensPerSecond);
    }
}
