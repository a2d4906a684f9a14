namespace ServiceProviderOcm.Sandbox.Http;

/// <summary>The requests for resources that a server has seen.</summary>
internal sealed class RequestLog
{
    private readonly Lock _lock = new();
    private readonly List<RequestRecord> _records = [];

    /// <summary>How many there are, to read on from later.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _records.Count;
            }
        }
    }

    /// <summary>The requests since there were so many.</summary>
    public IReadOnlyList<RequestRecord> Since(int count)
    {
        lock (_lock)
        {
            return _records[count..];
        }
    }

    /// <summary>Notes a request.</summary>
    public void Add(RequestRecord record)
    {
        lock (_lock)
        {
            _records.Add(record);
        }
    }
}
