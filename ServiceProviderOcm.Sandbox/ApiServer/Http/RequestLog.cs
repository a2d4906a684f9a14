namespace ServiceProviderOcm.Sandbox.ApiServer.Http;

/// <summary>The requests for resources that a server has seen, as many of the newest as it keeps. Safe for use by many threads.</summary>
/// <param name="limit">How many that are.</param>
internal sealed class RequestLog(int limit)
{
    private readonly Lock _lock = new();
    private readonly Queue<RequestRecord> _newest = [];
    private long _forgotten;

    /// <summary>How many there have been, to read on from later.</summary>
    public long Count
    {
        get
        {
            lock (_lock)
            {
                return _forgotten + _newest.Count;
            }
        }
    }

    /// <summary>The requests since there were so many.</summary>
    /// <exception cref="InvalidOperationException">Some of them are no longer kept.</exception>
    public IReadOnlyList<RequestRecord> Since(long count)
    {
        lock (_lock)
        {
            return count < _forgotten
                ? throw new InvalidOperationException($"only the newest {limit} requests are kept, and there have been more since")
                : [.. _newest.Skip((int)(count - _forgotten))];
        }
    }

    /// <summary>Notes a request.</summary>
    public void Add(RequestRecord record)
    {
        lock (_lock)
        {
            _newest.Enqueue(record);
            if (_newest.Count > limit)
            {
                _newest.Dequeue();
                _forgotten++;
            }
        }
    }
}
