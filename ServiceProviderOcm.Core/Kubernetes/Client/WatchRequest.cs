namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>Which changes to watch.</summary>
/// <param name="ResourceVersion">Changes after this version are sent.</param>
/// <param name="Namespace">Only in this namespace; null for all.</param>
/// <param name="LabelSelector">Such as <c>a=b,c</c>; null for no restriction.</param>
/// <param name="FieldSelector">Such as <c>metadata.name=x</c>; null for no restriction.</param>
/// <param name="Timeout">The timeout after which the server ends the stream.</param>
public sealed record WatchRequest(
    string ResourceVersion, string? Namespace, string? LabelSelector, string? FieldSelector, TimeSpan Timeout)
{
    /// <summary>Whose resourceVersion it is; another server's is of no use, which counts as 410 Gone.</summary>
    public Uri? Server { get; init; }

    /// <summary>
    /// Whether the objects that exist are sent first, as additions, up to an event that <see cref="WatchEvent.EndsInitialEvents"/>. The
    /// resourceVersion is empty then. A server that does not support that is an error with the reason
    /// <see cref="StreamedListSupport.Unsupported"/>.
    /// </summary>
    public bool SendsInitialEvents { get; init; }

    /// <summary>Whether only the metadata is read.</summary>
    public bool IsMetadataOnly { get; init; }

    /// <summary>What the events are charged to; null for no limit but that of one event.</summary>
    public TrafficBudget? Budget { get; init; }

    /// <summary>Called when the server has accepted the watch: from then on, silence means that nothing changes.</summary>
    public Action? Opened { get; init; }
}
