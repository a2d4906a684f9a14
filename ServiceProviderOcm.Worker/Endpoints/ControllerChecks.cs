using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;

namespace ServiceProviderOcm.Worker.Endpoints;

/// <summary>The health checks of a running controller.</summary>
public static class ControllerChecks
{
    /// <summary>
    /// How long the work on one OCM may take while others wait. A request that takes too long ends the work after half a minute.
    /// </summary>
    public static readonly TimeSpan LongestWork = TimeSpan.FromMinutes(5);

    /// <summary>All checks of a controller.</summary>
    public static IReadOnlyCollection<HealthCheck> Of(OcmController controller) =>
    [
        OfQueue(() => controller.QueueHealth),
        .. controller.Informers.Select(OfInformer),
    ];

    /// <summary>Checks that an informer has what a cluster has, as far as the cluster can be reached: an outage is no reason to fail.</summary>
    public static HealthCheck OfInformer(Informer informer) => new(
        Probe.Readiness,
        $"informer {informer.Kind.Plural} ({informer.ClusterName})",
        () => !informer.HasListed ? NotSynced(informer.State)
            : informer.BrokenWatch is { } error ? $"its watch fails again and again: {error.Message}"
            : informer.State.Failure is { IsOverLimit: true } excess ? $"stale: {excess.Message}"
            : null);

    /// <summary>Checks that the queue makes progress: no reconciliation is stuck while keys wait.</summary>
    public static HealthCheck OfQueue(Func<QueueHealth> queue) => new(
        Probe.Liveness,
        "queue",
        () => queue() is { Waiting: > 0 and var waiting, LongestRunning: var running } && running > LongestWork
            ? $"one OCM has been reconciled for {running:hh\\:mm\\:ss}, and {waiting} wait"
            : null);

    private static string NotSynced(InformerState state) => state switch
    {
        { IsServed: false } => "not synced: its CustomResourceDefinition is not installed",
        { Failure: { } failure } => $"not synced: {failure.Message}",
        _ => "not synced yet",
    };
}
