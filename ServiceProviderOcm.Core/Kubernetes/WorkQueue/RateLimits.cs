namespace ServiceProviderOcm.Core.Kubernetes.WorkQueue;

/// <summary>
/// A limit for each key, such as how often something is done for an object. A key is forgotten once all its turns are there again, and not
/// before: an object that is deleted and created again gets no others. Thread-safe.
/// </summary>
/// <param name="burst">The maximum at once.</param>
/// <param name="perSecond">The average, over a longer time.</param>
/// <param name="time">Clock.</param>
/// <param name="longest">The longest wait on credit: what is beyond it is not counted.</param>
/// <typeparam name="TKey">What the limit belongs to.</typeparam>
internal sealed class RateLimits<TKey>(int burst, double perSecond, TimeProvider time, TimeSpan? longest = null)
    where TKey : notnull
{
    // Buckets that are full again are dropped when there are this many more than after the last time.
    private const int MaxFull = 1000;

    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, TokenBucket> _buckets = [];
    private int _dropAt = MaxFull;

    /// <summary>The number of keys without all their turns. Others are dropped.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                DropFull();
                return _buckets.Count;
            }
        }
    }

    /// <summary>Takes a turn if there is one; otherwise returns how long to wait.</summary>
    public TimeSpan TryTake(TKey key)
    {
        lock (_lock)
        {
            return BucketOf(key).TryTake();
        }
    }

    /// <summary>Takes as many, on credit if there are fewer; returns how long to wait for them.</summary>
    public TimeSpan Take(TKey key, int count)
    {
        lock (_lock)
        {
            return BucketOf(key).Take(count);
        }
    }

    private TokenBucket BucketOf(TKey key)
    {
        if (!_buckets.TryGetValue(key, out var bucket))
        {
            if (_buckets.Count >= _dropAt)
            {
                DropFull();
            }

            bucket = new TokenBucket(perSecond, burst, time, longest);
            _buckets.Add(key, bucket);
        }

        return bucket;
    }

    private void DropFull()
    {
        foreach (var (key, bucket) in _buckets)
        {
            if (bucket.IsFull)
            {
                _buckets.Remove(key);
            }
        }

        _dropAt = _buckets.Count + MaxFull;
    }
}
