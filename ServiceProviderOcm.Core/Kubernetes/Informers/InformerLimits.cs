namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>
/// How much an informer keeps in memory. Beyond a limit it fails with the reason <c>LimitExceeded</c>, and keeps what it had before. A
/// property's name, in snake case, is the limit's name in metrics, and in kebab case the end of its flag.
/// </summary>
public sealed record InformerLimits
{
    /// <summary>How many more objects per namespace are kept than matter, so that others are known when some of these are deleted.</summary>
    internal const int SparePerNamespace = 100;

    /// <summary>The maximum number of unreadable objects per namespace that are known by name, where there is a limit per namespace.</summary>
    internal const int UnreadablePerNamespace = 100;

    /// <summary>The beginning of the flags that set the limits, such as <c>--some-max-</c>; null if they are no settings.</summary>
    public string? FlagPrefix { get; init; }

    /// <summary>
    /// The maximum number of objects. Where there is a limit per namespace, it is not exceeded: the namespaces that have the most are full.
    /// </summary>
    public int Objects { get; init; } = 200_000;

    /// <summary>The maximum number of unreadable objects that are known by name, where there is a limit per namespace.</summary>
    internal int Unreadable => Math.Max(1, Objects / 5);

    /// <summary>
    /// The maximum number of objects per namespace that are kept; of others, only their number. Those that are being deleted are kept
    /// first, then the oldest. Null: no limit.
    /// </summary>
    internal int? ObjectsPerNamespace { get; init; }

    /// <summary>The maximum size of all objects as they are kept in memory, in bytes; like <see cref="Objects"/>.</summary>
    public long StoreBytes { get; init; } = 1L << 30;

    /// <summary>The maximum number of pages of one list.</summary>
    public int Pages { get; init; } = 50_000;
}
