using System.Diagnostics.Metrics;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>
/// All instruments of one controller. They have the names, labels and buckets of controller-runtime and client-go, so that
/// dashboards and alerts made for controllers in Go work.
/// </summary>
public sealed class ControllerMetrics
{
    /// <summary>The name of the meter, which has to be exported.</summary>
    public const string MeterName = "service-provider-ocm";

    /// <summary>The value of the labels <c>controller</c> and <c>name</c>.</summary>
    public const string ControllerName = "ocm";

    private const string UnknownPhase = "Unknown";

    private readonly Meter _meter;

    /// <summary>Instruments without values.</summary>
    public ControllerMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        Reconciles = new ReconcileMetrics(_meter);
        Queue = new WorkQueueMetrics(_meter, ControllerName);
        Requests = new RequestMetrics(_meter);
    }

    /// <summary>Metrics of reconciliations.</summary>
    public ReconcileMetrics Reconciles { get; }

    /// <summary>Of the keys that wait.</summary>
    public WorkQueueMetrics Queue { get; }

    /// <summary>Of the requests to API servers.</summary>
    public RequestMetrics Requests { get; }

    /// <summary>Shows whether we hold a lease.</summary>
    /// <param name="lease">The lease's name.</param>
    /// <param name="isLeader">Asked whenever metrics are collected; must be quick.</param>
    public void ObserveLeadership(string lease, Func<bool> isLeader)
    {
        KeyValuePair<string, object?> name = new("name", lease);
        _meter.CreateObservableGauge(
            "leader_election_master_status",
            () => new Measurement<int>(isLeader() ? 1 : 0, name),
            description: "Whether this instance holds the lease of that name: 1, or 0.");
    }

    /// <summary>Shows how many OCMs there are in each phase.</summary>
    /// <param name="knownPhases">The phases that are shown even if no OCM is in them.</param>
    /// <param name="phases">The phase of each OCM, null where it has none yet; asked whenever metrics are collected.</param>
    public void ObserveInstances(IReadOnlyList<string> knownPhases, Func<IEnumerable<string?>> phases) =>
        _meter.CreateObservableGauge(
            "ocm_instances", () => CountPhases(knownPhases, phases()), description: "Number of OCMs by status.phase.");

    /// <summary>Shows which kinds are followed, and whether what is known of them can be relied on.</summary>
    /// <param name="informers">Cluster, kind and whether its store is up to date; asked whenever metrics are collected.</param>
    public void ObserveInformers(Func<IEnumerable<(string Cluster, string Kind, bool IsSynced)>> informers) =>
        _meter.CreateObservableGauge(
            "informer_synced",
            () => informers().Select(informer => new Measurement<int>(
                informer.IsSynced ? 1 : 0, new("cluster", informer.Cluster), new("kind", informer.Kind))),
            description: "Whether the objects of that kind are known and up to date: 1, or 0.");

    // A phase that another writer made up must not become a time series.
    private static IEnumerable<Measurement<int>> CountPhases(IReadOnlyList<string> knownPhases, IEnumerable<string?> phases)
    {
        var counts = knownPhases.Append(UnknownPhase).ToDictionary(phase => phase, _ => 0, StringComparer.Ordinal);
        foreach (var phase in phases)
        {
            counts[phase is not null && counts.ContainsKey(phase) ? phase : UnknownPhase]++;
        }

        return counts.Select(count => new Measurement<int>(count.Value, new KeyValuePair<string, object?>("phase", count.Key)));
    }
}
