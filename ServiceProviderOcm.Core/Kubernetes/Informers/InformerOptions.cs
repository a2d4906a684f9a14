namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>Page size, time limits and delays of informers.</summary>
public sealed record InformerOptions
{
    /// <summary>How much is kept in memory.</summary>
    public InformerLimits Limits { get; init; } = new();

    /// <summary>The maximum number of objects per page of a list; fewer if they are large.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>
    /// Whether a list is the beginning of a watch, where the server supports that: one request instead of two, and a server that need not
    /// read all objects at once. Other servers are listed page by page.
    /// </summary>
    public bool StreamsLists { get; init; }

    /// <summary>The minimum duration of a watch before it is renewed; up to twice as long, at random.</summary>
    public TimeSpan WatchTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The delay after a first failure, which doubles with each consecutive one.</summary>
    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The maximum delay between attempts.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Read errors of an informer that has synced are reported after this time: API servers restart and connections break all
    /// the time.
    /// </summary>
    public TimeSpan FailureGrace { get; init; } = TimeSpan.FromSeconds(5);
}
