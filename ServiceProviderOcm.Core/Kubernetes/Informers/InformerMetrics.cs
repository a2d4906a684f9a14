using System.Diagnostics.Metrics;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>Failures of informers.</summary>
public sealed class InformerMetrics
{
    private readonly Counter<long> _unreadable;
    private readonly Counter<long> _broken;
    private readonly string? _kind;

    /// <summary>Counters without values.</summary>
    public InformerMetrics(Meter meter)
    {
        _unreadable = meter.CreateCounter<long>(
            "service_provider_ocm_unreadable_objects_total", description: "Total number of objects that could not be read, by kind.");
        _broken = meter.CreateCounter<long>(
            "service_provider_ocm_broken_watches_total",
            description: "Total number of watches that failed after they were opened and before they sent news, by cluster and kind.");
    }

    private InformerMetrics(InformerMetrics metrics, string kind) =>
        (_unreadable, _broken, _kind) = (metrics._unreadable, metrics._broken, kind);

    /// <summary>The same, for kinds that others define: all count as one, because each is a time series.</summary>
    /// <param name="kind">The value of the label.</param>
    internal InformerMetrics Of(string kind) => new(this, kind);

    /// <summary>Makes the counters of an informer visible with the value 0: one that appears with 1 has no increase.</summary>
    internal void Starting(string cluster, string kind)
    {
        CountUnreadable(0, kind);
        CountBroken(0, cluster, kind);
    }

    internal void Unreadable(string kind) => CountUnreadable(1, kind);

    internal void Broken(string cluster, string kind) => CountBroken(1, cluster, kind);

    private void CountUnreadable(int count, string kind) => _unreadable.Add(count, new KeyValuePair<string, object?>("kind", _kind ?? kind));

    private void CountBroken(int count, string cluster, string kind) =>
        _broken.Add(count, new("cluster", cluster), new("kind", _kind ?? kind));
}
