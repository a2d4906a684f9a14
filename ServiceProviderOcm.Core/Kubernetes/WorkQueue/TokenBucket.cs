namespace ServiceProviderOcm.Core.Kubernetes.WorkQueue;

/// <summary>
/// Limits the rate of events: over all keys, or of one. Not thread-safe.
/// </summary>
public sealed class TokenBucket(double tokensPerSecond, int burst, TimeProvider time)
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

    /// <summary>Takes a token, on credit if there is none; returns how long to wait for it.</summary>
    public TimeSpan Take()
    {
        Refill();
        _tokens -= 1;
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
