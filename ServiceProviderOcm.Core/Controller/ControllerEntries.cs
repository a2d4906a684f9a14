using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Core.Watch;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>What the controller holds about single OCMs, each of which goes with its OCM, or soon after it.</summary>
internal static class ControllerEntries
{
    /// <summary>The number of entries of each type, for a metric.</summary>
    public static IEnumerable<(string Type, int Count)> Of(
        Tenants tenants,
        QueueEntries queue,
        ControlPlaneTurns turns,
        RateLimits<ObjectKey> operations,
        ChangePace changes,
        Reporter reporter,
        ReportPace reports,
        Waits waits,
        ControlPlanes controlPlanes,
        OrphanSweep orphans,
        FleetReapply reapply,
        FleetRevisions revisions)
    {
        var onControlPlanes = turns.Entries;
        return
        [
            ("ocms", tenants.Count),
            ("queue", queue.Waiting + queue.Processing),
            ("delayed", queue.Delayed),
            ("backoff", queue.BackingOff),
            ("control_plane_queue", onControlPlanes.Waiting + onControlPlanes.Processing),
            ("control_plane_delayed", onControlPlanes.Delayed),
            ("control_plane_backoff", onControlPlanes.BackingOff),
            ("control_plane_steps", turns.Count),
            ("control_planes", controlPlanes.Count),
            ("operations", operations.Count),
            ("changes", changes.Count),
            ("debounced", reporter.DebouncedCount),
            ("reports", reports.Count),
            ("waits", waits.Count),
            ("orphan_candidates", orphans.CandidateCount),
            ("reapply", reapply.Count),
            ("rollout", revisions.Count),
        ];
    }
}
