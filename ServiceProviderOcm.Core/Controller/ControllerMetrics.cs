using System.Diagnostics.Metrics;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Telemetry;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;
using ServiceProviderOcm.Core.Rollout;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>
/// All instruments of one controller. They have the names, labels and buckets of controller-runtime and client-go, so that
/// dashboards and alerts made for controllers in Go work.
/// </summary>
public sealed class ControllerMetrics
{
    /// <summary>The name of the meter, which the host must export.</summary>
    public const string MeterName = "service-provider-ocm";

    /// <summary>The value of the labels <c>controller</c> and <c>name</c>.</summary>
    public const string ControllerName = "ocm";

    /// <summary>The value of the labels <c>controller</c> and <c>name</c> of the queue of steps on control planes.</summary>
    public const string ControlPlaneQueueName = "ocm-control-planes";

    private const string UnknownPhase = "Unknown";

    private readonly Meter _meter;

    /// <summary>Instruments without values.</summary>
    public ControllerMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        Reconciles = new ReconcileMetrics(_meter);
        Queue = new WorkQueueMetrics(_meter, ControllerName);
        ControlPlaneQueue = new WorkQueueMetrics(_meter, ControlPlaneQueueName);
        Limits = new LimitMetrics(_meter);
        Informers = new InformerMetrics(_meter, Limits);
        Requests = new RequestMetrics(_meter, Limits);
    }

    /// <summary>Metrics of reconciliations.</summary>
    public ReconcileMetrics Reconciles { get; }

    /// <summary>Metrics of the work queue.</summary>
    public WorkQueueMetrics Queue { get; }

    /// <summary>Metrics of the work queue of steps on control planes.</summary>
    public WorkQueueMetrics ControlPlaneQueue { get; }

    /// <summary>Metrics of requests to API servers.</summary>
    public RequestMetrics Requests { get; }

    /// <summary>Metrics of informers.</summary>
    public InformerMetrics Informers { get; }

    /// <summary>Metrics of limits.</summary>
    public LimitMetrics Limits { get; }

    /// <summary>Exports whether this instance holds a lease.</summary>
    /// <param name="lease">The lease's name.</param>
    /// <param name="isLeader">Called whenever metrics are collected; must be fast.</param>
    public void ObserveLeadership(string lease, Func<bool> isLeader)
    {
        KeyValuePair<string, object?> name = new("name", lease);
        _meter.CreateObservableGauge(
            "leader_election_master_status",
            () => new Measurement<int>(isLeader() ? 1 : 0, name),
            description: "Whether this instance holds the lease: 1 if it does, 0 otherwise.");
    }

    /// <summary>Exports the number of OCMs by phase.</summary>
    /// <param name="knownPhases">The phases that are exported even if no OCM is in them.</param>
    /// <param name="phases">The phase of each OCM, null where it has none yet; called whenever metrics are collected.</param>
    public void ObserveInstances(IReadOnlyList<string> knownPhases, Func<IEnumerable<string?>> phases) =>
        _meter.CreateObservableGauge(
            "ocm_instances", () => CountPhases(knownPhases, phases()), description: "Number of OCMs by status.phase.");

    /// <summary>Exports how many entries about single OCMs the controller holds.</summary>
    /// <param name="entries">The number of each type; called whenever metrics are collected.</param>
    public void ObserveEntries(Func<IEnumerable<(string Type, int Count)>> entries) =>
        _meter.CreateObservableGauge(
            "service_provider_ocm_entries",
            () => entries().Select(entry => new Measurement<int>(entry.Count, new KeyValuePair<string, object?>("type", entry.Type))),
            description: "Number of entries in memory about single OCMs, by type. All go when the OCMs are deleted.");

    /// <summary>Exports which kinds are watched, and whether their stores are up to date.</summary>
    /// <param name="informers">Cluster, kind and whether its store is up to date; called whenever metrics are collected.</param>
    public void ObserveInformers(Func<IEnumerable<(string Cluster, string Kind, bool IsSynced)>> informers) =>
        _meter.CreateObservableGauge(
            "informer_synced",
            () => informers().Select(informer => new Measurement<int>(
                informer.IsSynced ? 1 : 0, new("cluster", informer.Cluster), new("kind", informer.Kind))),
            description: "Whether the informer of a kind has synced and is up to date: 1 if it is, 0 otherwise.");

    /// <summary>Exports how many managed objects are orphaned.</summary>
    /// <param name="orphans">Each kind and its number; called whenever metrics are collected.</param>
    public void ObserveOrphans(Func<IEnumerable<(string Kind, int Count)>> orphans) => _meter.CreateObservableGauge(
        "service_provider_ocm_orphaned_objects",
        () => orphans().Select(kind => new Measurement<int>(kind.Count, new KeyValuePair<string, object?>("kind", kind.Kind))),
        description: "Number of managed objects on the platform cluster whose OCM does not exist.");

    /// <summary>Exports how far the rollout of the ProviderConfig is.</summary>
    /// <param name="decision">The last decision, null if there is none yet; called whenever metrics are collected.</param>
    public void ObserveRollout(Func<RolloutDecision?> decision)
    {
        Gauge("stalled", found => found.IsStalled ? 1 : 0, "Whether the rollout of the ProviderConfig has stalled: 1 if it has, 0 otherwise.");
        Gauge("outdated_ocms", found => found.Outdated, "Number of OCMs that the rollout has not updated yet.");
        Gauge("failed_ocms", found => found.Failed.Count, "Number of OCMs that were Ready before the rollout has updated them, and are not.");

        void Gauge(string name, Func<RolloutDecision, int> value, string description) => _meter.CreateObservableGauge(
            $"service_provider_ocm_rollout_{name}",
            () => decision() is { } found ? value(found) : 0,
            description: description);
    }

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
