namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>
/// How much a server may send. What exceeds a limit is not read, and fails with the reason <c>LimitExceeded</c>. A property's name, in
/// snake case, is the limit's name in messages and metrics.
/// </summary>
public sealed record ReadLimits
{
    /// <summary>
    /// The maximum size of one answer, such as a page of a list, in bytes; each object of a list counts at least
    /// <see cref="TrafficBudget.LeastBytes"/>.
    /// </summary>
    public long AnswerBytes { get; init; } = 512L << 20;

    /// <summary>The maximum size of one object in a list, and of one line of a watch, in bytes.</summary>
    public int ObjectBytes { get; init; } = 8 << 20;

    /// <summary>The maximum size of the answer to a failed request, in bytes. What is longer is not quoted.</summary>
    public int ErrorBytes { get; init; } = 64 << 10;

    /// <summary>
    /// The maximum number of bytes that one informer may receive within a minute, in lists and watches together; each event counts at
    /// least <see cref="TrafficBudget.LeastBytes"/>. Null: no limit.
    /// </summary>
    public long? BytesPerMinute { get; init; }
}
