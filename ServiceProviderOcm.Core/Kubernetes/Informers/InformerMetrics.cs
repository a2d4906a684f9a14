using System.Diagnostics.Metrics;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>Failures of informers.</summary>
public sealed class InformerMetrics
{
    private readonly Counter<long> _unreadable;
    private readonly Counter<long> _broken;

    /// <summary>Counters without values.</summary>
    public InformerMetrics(Meter meter)
    {
        _unreadable = meter.CreateCounter<long>(
            "service_provider_ocm_unreadable_objects_total", description: "Total number of objects that could not be read, by kind.");
        _broken = meter.CreateCounter<long>(
            "service_provider_ocm_broken_watches_total",
            description: "Total number of watches that failed after they were opened and before they sent news, by cluster and kind.");
    }

    internal void Unreadable(ResourceKind kind, WatchScope scope) =>
        _unreadable.Add(1, new KeyValuePair<string, object?>("kind", LabelOf(kind, scope)));

    internal void Broken(string cluster, ResourceKind kind, WatchScope scope) =>
        _broken.Add(1, new("cluster", cluster), new("kind", LabelOf(kind, scope)));

    // Of kinds that a server names, metadata is read. A hostile server has any number of them, and a label must not.
    private static string LabelOf(ResourceKind kind, WatchScope scope) => scope.IsMetadataOnly ? "PartialObjectMetadata" : kind.Kind;
}
