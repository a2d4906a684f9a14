using System.Diagnostics.Metrics;

namespace ServiceProviderOcm.Core.Kubernetes.Telemetry;

/// <summary>Counts how often a limit is exceeded, whoever enforces it.</summary>
public sealed class LimitMetrics
{
    private readonly Counter<long> _exceeded;

    /// <summary>A counter without values.</summary>
    public LimitMetrics(Meter meter) => _exceeded = meter.CreateCounter<long>(
        "service_provider_ocm_limit_exceeded_total",
        description: "Total number of times that a limit on what tenants and their control planes may cause was exceeded.");

    /// <summary>A limit was exceeded.</summary>
    /// <param name="limit">The limit's name: one of a fixed set, because each is a time series.</param>
    public void Exceeded(string limit) => _exceeded.Add(1, new KeyValuePair<string, object?>("limit", limit));
}
