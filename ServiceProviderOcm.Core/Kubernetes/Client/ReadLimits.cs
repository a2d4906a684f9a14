namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>
/// How much a server may send. What exceeds a limit is not read, and fails with the reason <c>LimitExceeded</c>. A property's name, in
/// snake case, is the limit's name in metrics, and in kebab case the end of its flag.
/// </summary>
public sealed record ReadLimits
{
    /// <summary>The beginning of the flags that set the limits, such as <c>--some-max-</c>; null if they are no settings.</summary>
    public string? FlagPrefix { get; init; }

    /// <summary>The maximum size of one answer, such as a page of a list, in bytes.</summary>
    public long AnswerBytes { get; init; } = 512L << 20;

    /// <summary>The maximum size of one object in a list, of one line of a watch, and of the answer to a request for one object, in bytes.</summary>
    public int ObjectBytes { get; init; } = 8 << 20;

    /// <summary>
    /// The maximum number of fields and list items that are kept of one object; null: no limit. To compare an object costs a multiple of its
    /// size for each of them.
    /// </summary>
    public int? ObjectFields { get; init; }

    /// <summary>The maximum number of objects in one answer. A server may ignore the limit of a request.</summary>
    public int Objects { get; init; } = 200_000;

    /// <summary>The maximum size of the objects of one answer as they are kept in memory, in bytes.</summary>
    public long StoreBytes { get; init; } = 1L << 30;

    /// <summary>The maximum size of the headers of an answer, in bytes, which connections enforce; null: it is not known.</summary>
    public int? HeaderBytes { get; init; }

    /// <summary>The maximum size of the answer to a failed request, in bytes. What is longer is not quoted.</summary>
    public int ErrorBytes { get; init; } = 64 << 10;

    /// <summary>
    /// The maximum number of bytes that one informer may receive within a minute, in lists and watches together; each event counts at
    /// least <see cref="TrafficBudget.LeastBytes"/>. Null: no limit.
    /// </summary>
    public long? BytesPerMinute { get; init; }
}
