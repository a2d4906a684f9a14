namespace ServiceProviderOcm.Sandbox.ApiServer.Http;

/// <summary>The latest requests for resources. Thread-safe.</summary>
/// <param name="limit">The number of requests that are kept.</param>
internal sealed class RequestLog(int limit)
{
    private readonly Lock _lock = new();
    private readonly Queue<RequestRecord> _newest = [];
    private long _dropped;

    /// <summary>The number of requests so far.</summary>
    public long Count
    {
        get
        {
            lock (_lock)
            {
                return _dropped + _newest.Count;
            }
        }
    }

    /// <summary>The requests after the first so many.</summary>
    /// <exception cref="InvalidOperationException">Some are no longer kept.</exception>
    public IReadOnlyList<RequestRecord> Since(long count)
    {
        lock (_lock)
        {
            return count < _dropped
                ? throw new InvalidOperationException($"only the newest {limit} requests are kept, and there have been more since")
                : [.. _newest.Skip((int)(count - _dropped))];
        }
    }

    public void Add(RequestRecord record)
    {
        lock (_lock)
        {
            _newest.Enqueue(record);
            if (_newest.Count > limit)
            {
                _newest.Dequeue();
                _dropped++;
            }
        }
    }
}
