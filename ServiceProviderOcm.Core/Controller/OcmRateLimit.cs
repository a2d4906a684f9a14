using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>Limits how often something is done for an OCM. Thread-safe.</summary>
/// <param name="burst">The maximum number of times at once.</param>
/// <param name="interval">The average time between two, over a longer time.</param>
/// <param name="time">Clock.</param>
internal sealed class OcmRateLimit(int burst, TimeSpan interval, TimeProvider time)
{
    // Buckets that are full again are dropped when there are this many more than after the last time.
    private const int MaxFull = 1000;

    private readonly Lock _lock = new();
    private readonly Dictionary<ObjectKey, TokenBucket> _buckets = [];
    private int _dropAt = MaxFull;

    /// <summary>The number of OCMs that something is known of.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _buckets.Count;
            }
        }
    }

    /// <summary>Takes a turn if there is one; otherwise returns how long to wait.</summary>
    public TimeSpan TryTake(ObjectKey ocm)
    {
        lock (_lock)
        {
            if (!_buckets.TryGetValue(ocm, out var bucket))
            {
                DropFull();
                bucket = new TokenBucket(1 / interval.TotalSeconds, burst, time);
                _buckets.Add(ocm, bucket);
            }

            return bucket.TryTake();
        }
    }

    /// <summary>Drops what is known of an OCM.</summary>
    public void Drop(ObjectKey ocm)
    {
        lock (_lock)
        {
            _buckets.Remove(ocm);
        }
    }

    private void DropFull()
    {
        if (_buckets.Count < _dropAt)
        {
            return;
        }

        foreach (var (ocm, bucket) in _buckets)
        {
            if (bucket.IsFull)
            {
                _buckets.Remove(ocm);
            }
        }

        _dropAt = _buckets.Count + MaxFull;
    }
}
