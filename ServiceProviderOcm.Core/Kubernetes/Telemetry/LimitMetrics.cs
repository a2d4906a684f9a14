using System.Diagnostics.Metrics;

namespace ServiceProviderOcm.Core.Kubernetes.Telemetry;

/// <summary>Counts how often a limit is exceeded, whoever enforces it.</summary>
public sealed class LimitMetrics
{
    private const string Label = "limit";

    private readonly Counter<long> _exceeded;

    /// <summary>A counter without values.</summary>
    public LimitMetrics(Meter meter) => _exceeded = meter.CreateCounter<long>(
        "service_provider_ocm_limit_exceeded_total",
        description: "Total number of times that a limit on what tenants and their control planes may cause was exceeded.");

    /// <summary>
    /// The names of all limits: those on what is read, on what is kept of it, on both for all control planes together, and on OCMs.
    /// </summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "answer_bytes", "header_bytes", "object_bytes", "object_fields", "error_bytes", "bytes_per_minute", "kinds", "versions",
        "objects", "store_bytes", "pages", "kubeconfig_bytes", "kubeconfig_values",
        "total_bytes", "group_memory", "shared_memory", "group_traffic", "shared_traffic", "unread_answers",
        "ocms_per_namespace", "ocms", "ocm_store_bytes", "unreadable_ocms",
        "ocm_field_bytes", "ocm_status_bytes", "depth", "ownership_steps", "ownership_bytes",
    ];

    /// <summary>Makes the counter visible with the value 0 for all limits: one that appears with 1 has no increase.</summary>
    public void Starting()
    {
        foreach (var name in Names)
        {
            _exceeded.Add(0, new KeyValuePair<string, object?>(Label, name));
        }
    }

    /// <summary>A limit was exceeded.</summary>
    /// <param name="limit">The limit's name: one of <see cref="Names"/>, because each is a time series.</param>
    public void Exceeded(string limit) => _exceeded.Add(1, new KeyValuePair<string, object?>(Label, limit));
}
