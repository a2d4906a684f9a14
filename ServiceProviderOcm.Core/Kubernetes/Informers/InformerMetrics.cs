using System.Diagnostics.Metrics;

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

    internal void Unreadable(string kind) => _unreadable.Add(1, new KeyValuePair<string, object?>("kind", kind));

    internal void Broken(string cluster, string kind) => _broken.Add(1, new("cluster", cluster), new("kind", kind));
}
