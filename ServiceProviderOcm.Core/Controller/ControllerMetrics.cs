using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
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

    private const string Unknown = "Unknown";

    private readonly ConcurrentDictionary<string, CredentialExpirations> _kubeconfigs = new(StringComparer.Ordinal);
    private readonly Meter _meter;

    /// <summary>Instruments without values.</summary>
    public ControllerMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        Reconciles = new ReconcileMetrics(_meter);
        Queue = new WorkQueueMetrics(_meter, ControllerName);
        ControlPlaneQueue = new WorkQueueMetrics(_meter, ControlPlaneQueueName);
        Limits = new LimitMetrics(_meter);
        Informers = new InformerMetrics(_meter);
        Requests = new RequestMetrics(_meter, Limits);
        _meter.CreateObservableGauge(
            "service_provider_ocm_kubeconfig_expiration_timestamp_seconds",
            Expirations,
            "s",
            "Unix time at which the first of the kubeconfigs in use expires, by cluster.");
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

    /// <summary>Exports when the first of the kubeconfigs expires that are in use for a cluster, or for all clusters of a kind.</summary>
    /// <param name="cluster">The cluster's name in messages.</param>
    public CredentialExpirations KubeconfigsOf(string cluster) => _kubeconfigs.GetOrAdd(cluster, _ => new CredentialExpirations());

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
            "ocm_instances", () => Count("phase", knownPhases, phases()), description: "Number of OCMs by status.phase.");

    /// <summary>Exports the number of OCMs that are not Ready by reason.</summary>
    /// <param name="knownReasons">The reasons that are exported even if no OCM has them.</param>
    /// <param name="reasons">
    /// The reason of each OCM that is not Ready, null where it has none yet; called whenever metrics are collected.
    /// </param>
    public void ObserveNotReady(IReadOnlyList<string> knownReasons, Func<IEnumerable<string?>> reasons) =>
        _meter.CreateObservableGauge(
            "ocm_not_ready",
            () => Count("reason", knownReasons, reasons()),
            description: "Number of OCMs that are not Ready, by the reason of their Ready condition.");

    /// <summary>Exports how many OCMs are only counted.</summary>
    /// <param name="count">The number; called whenever metrics are collected.</param>
    public void ObserveSurplus(Func<int> count) => _meter.CreateObservableGauge(
        "service_provider_ocm_surplus_ocms",
        count,
        description: "Number of OCMs that are only counted, because there are more than a limit allows. They are in no other gauge.");

    /// <summary>Exports how many OCMs have a deprecated version.</summary>
    /// <param name="count">The number; called whenever metrics are collected.</param>
    public void ObserveDeprecated(Func<int> count) => _meter.CreateObservableGauge(
        "service_provider_ocm_deprecated_version_ocms",
        count,
        description: "Number of OCMs with a version that the catalogue of the ProviderConfig marks as deprecated.");

    /// <summary>Exports for how long an OCM has been waiting for its deletion.</summary>
    /// <param name="longest">The longest time, 0 if no OCM is being deleted; called whenever metrics are collected.</param>
    public void ObserveLongestDeletion(Func<TimeSpan> longest) => _meter.CreateObservableGauge(
        "service_provider_ocm_longest_deletion_seconds",
        () => longest().TotalSeconds,
        "s",
        "Time since the deletion was requested of the OCM that has been terminating for longest; 0 if there is none.");

    /// <summary>Exports when the certificate of the metrics endpoint expires.</summary>
    /// <param name="expires">When the current one does; called whenever metrics are collected.</param>
    public void ObserveMetricsCertificate(Func<DateTimeOffset> expires) => _meter.CreateObservableGauge(
        "service_provider_ocm_metrics_certificate_expiration_timestamp_seconds",
        () => expires().ToUnixTimeSeconds(),
        "s",
        "Unix time at which the certificate of the metrics endpoint expires.");

    /// <summary>Exports how many entries about single OCMs the controller holds.</summary>
    /// <param name="entries">The number of each type; called whenever metrics are collected.</param>
    public void ObserveEntries(Func<IEnumerable<(string Type, int Count)>> entries) =>
        _meter.CreateObservableGauge(
            "service_provider_ocm_entries",
            () => entries().Select(entry => new Measurement<int>(entry.Count, new KeyValuePair<string, object?>("type", entry.Type))),
            description: "Number of entries in memory about single OCMs, by type. All go when the OCMs are deleted.");

    /// <summary>Exports which kinds are watched, whether their stores are up to date, and whether the servers send anything.</summary>
    /// <param name="informers">The informers; called whenever metrics are collected. Of several for one kind, the worst counts.</param>
    public void ObserveInformers(Func<IEnumerable<Informer>> informers)
    {
        _meter.CreateObservableGauge(
            "informer_synced",
            () => Measure(informers(), informer => informer.State.IsSynced ? 1 : 0, synced => synced.Min()),
            description: "Whether the informer of a kind has synced and is up to date: 1 if it is, 0 otherwise.");
        _meter.CreateObservableGauge(
            "service_provider_ocm_informer_idle_seconds",
            () => Measure(informers(), informer => informer.Idle.TotalSeconds, idle => idle.Max()),
            "s",
            "Time since the API server last accepted a watch of the informer, or sent it something. Watches are renewed every 5 to 10 minutes.");
    }

    /// <summary>Exports how many managed objects are orphaned.</summary>
    /// <param name="orphans">Each kind and its number; called whenever metrics are collected.</param>
    public void ObserveOrphans(Func<IEnumerable<(string Kind, int Count)>> orphans) => _meter.CreateObservableGauge(
        "service_provider_ocm_orphaned_objects",
        () => orphans().Select(kind => new Measurement<int>(kind.Count, new KeyValuePair<string, object?>("kind", kind.Kind))),
        description: "Number of managed objects on the platform cluster whose OCM does not exist.");

    /// <summary>Exports how far the rollout of the ProviderConfig is.</summary>
    /// <param name="progress">What is known of it; called whenever metrics are collected.</param>
    public void ObserveRollout(Func<RolloutProgress> progress)
    {
        Gauge(
            "stalled",
            found => found.IsStalled ? 1 : 0,
            "Whether the rollout of the ProviderConfig has stalled, or cannot begin: 1 if so, 0 otherwise.");
        Gauge("outdated_ocms", found => found.Status?.Decision.Outdated ?? 0, "Number of OCMs that the rollout has not updated yet.");
        Gauge(
            "failed_ocms",
            found => found.Status?.Decision.Failed.Count ?? 0,
            "Number of OCMs that were Ready before the rollout has updated them, and are not.");

        void Gauge(string name, Func<RolloutProgress, int> value, string description) => _meter.CreateObservableGauge(
            $"service_provider_ocm_rollout_{name}", () => value(progress()), description: description);
    }

    private IEnumerable<Measurement<long>> Expirations() =>
        from kubeconfigs in _kubeconfigs
        let expires = kubeconfigs.Value.Earliest
        where expires is not null
        select new Measurement<long>(expires.Value.ToUnixTimeSeconds(), new KeyValuePair<string, object?>("cluster", kubeconfigs.Key));

    private static IEnumerable<Measurement<T>> Measure<T>(
        IEnumerable<Informer> informers, Func<Informer, T> measure, Func<IEnumerable<T>, T> worst)
        where T : struct =>
        from informer in informers
        group measure(informer) by (Cluster: informer.ClusterName, informer.Kind.Kind) into values
        select new Measurement<T>(worst(values), new("cluster", values.Key.Cluster), new("kind", values.Key.Kind));

    // A value that another writer made up must not become a time series.
    private static IEnumerable<Measurement<int>> Count(string label, IReadOnlyList<string> known, IEnumerable<string?> values)
    {
        var counts = known.Append(Unknown).ToDictionary(value => value, _ => 0, StringComparer.Ordinal);
        foreach (var value in values)
        {
            counts[value is not null && counts.ContainsKey(value) ? value : Unknown]++;
        }

        return counts.Select(count => new Measurement<int>(count.Value, new KeyValuePair<string, object?>(label, count.Key)));
    }
}
