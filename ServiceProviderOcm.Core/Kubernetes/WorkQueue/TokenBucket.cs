namespace ServiceProviderOcm.Core.Kubernetes.WorkQueue;

/// <summary>
/// Limits the rate of events: over all keys, or of one. Not thread-safe.
/// </summary>
/// <param name="tokensPerSecond">The average rate.</param>
/// <param name="burst">The maximum at once.</param>
/// <param name="time">Clock.</param>
/// <param name="longest">The longest wait on credit: what is beyond it is not counted. Null for no limit.</param>
public sealed class TokenBucket(double tokensPerSecond, int burst, TimeProvider time, TimeSpan? longest = null)
{
    private readonly long _start = time.GetTimestamp();
    private double _tokens = burst;
    private TimeSpan _refilledAt;

    /// <summary>Whether all tokens are there, as at the beginning.</summary>
    public bool IsFull
    {
        get
        {
            Refill();
            return _tokens >= burst;
        }
    }

    /// <summary>How long until there is a token.</summary>
    public TimeSpan Delay
    {
        get
        {
            Refill();
            return Wait(1 - _tokens);
        }
    }

    /// <summary>Takes tokens, on credit if there are fewer; returns how long to wait for them.</summary>
    public TimeSpan Take(int count = 1)
    {
        Refill();
        _tokens = Math.Max(_tokens - count, longest is { } limit ? -limit.TotalSeconds * tokensPerSecond : double.NegativeInfinity);
        return Wait(-_tokens);
    }

    /// <summary>Takes a token if there is one; otherwise returns how long to wait before the next attempt.</summary>
    public TimeSpan TryTake()
    {
        var missing = Delay;
        _tokens -= missing == TimeSpan.Zero ? 1 : 0;
        return missing;
    }

    private void Refill()
    {
        var now = time.GetElapsedTime(_start);
        _tokens = Math.Min(burst, _tokens + ((now - _refilledAt).TotalSeconds * tokensPerSecond));
        _refilledAt = now;
    }

    private TimeSpan Wait(double tokens) => tokens <= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(tokens / tokensPerSecond);
}
