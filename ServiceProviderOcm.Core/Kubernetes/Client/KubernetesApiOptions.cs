using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>The field manager, time limits and retries of a client.</summary>
public sealed record KubernetesApiOptions
{
    /// <summary>The name under which writes are recorded in an object's <c>managedFields</c>.</summary>
    public required string FieldManager { get; init; }

    /// <summary>
    /// Whether errors quote the server. False for a server that strangers administer: it could answer with what it was sent, or with
    /// anything else that is not for the log. Errors then have the status code, and the verb and the resource of the request.
    /// </summary>
    public bool QuotesServer { get; init; } = true;

    /// <summary>
    /// The label <c>host</c> of this client's metrics: one value for many servers, which strangers add and name. Null for the server's own.
    /// </summary>
    public string? MetricsHost { get; init; }

    /// <summary>Large parts that many objects have in common, each of which is kept once.</summary>
    public IReadOnlyList<SharedParts> SharedParts { get; init; } = [];

    /// <summary>The fields that are kept of the objects of a kind; all of them for kinds that are not listed.</summary>
    public IReadOnlyDictionary<ResourceKind, Projection> Projections { get; init; } = new Dictionary<ResourceKind, Projection>();

    /// <summary>The fields that are kept of the objects of other kinds of an API group.</summary>
    public IReadOnlyDictionary<string, Projection> GroupProjections { get; init; } =
        new Dictionary<string, Projection>(StringComparer.Ordinal);

    /// <summary>Whether who has changed an object and when is kept in <c>metadata.managedFields</c>, without the names of the fields.</summary>
    public bool KeepsChanges { get; init; }

    /// <summary>Whether one request is in flight at a time; watches are exempt.</summary>
    public bool SendsInTurn { get; init; }

    /// <summary>How much the server may send.</summary>
    public ReadLimits Limits { get; init; } = new();

    /// <summary>The time limit of one attempt of a request; watches are exempt.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The maximum number of retries, where repeating a request is safe.</summary>
    public int MaxRetries { get; init; } = 2;

    /// <summary>The delay before the first retry, which doubles with each further one.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The longest <c>Retry-After</c> that the client waits for by itself. A longer one is passed to the caller, so that it does not
    /// block a worker.
    /// </summary>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A watch without events for this long is considered dead. API servers send a bookmark about once a minute.</summary>
    public TimeSpan WatchSilence { get; init; } = TimeSpan.FromSeconds(150);

    /// <summary>
    /// A watch that is to send the objects that exist first, and sends nothing for this long before the last of them, has ignored that.
    /// </summary>
    public TimeSpan InitialEventsSilence { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a server may take to send the objects that exist at the beginning of a watch.</summary>
    public TimeSpan InitialEventsTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Called right before each attempt of a write. If it returns false, the write fails with 412 and is not sent. Null if writes are
    /// always allowed.
    /// </summary>
    public Func<bool>? MayWrite { get; init; }
}
