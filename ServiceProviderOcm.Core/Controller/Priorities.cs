using ServiceProviderOcm.Core.Kubernetes.WorkQueue;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>How urgent reasons are. A reason that is not listed is background work: intervals, retries, and what a sync finds.</summary>
internal static class Priorities
{
    private const ReconcileReasons User = ReconcileReasons.OcmChanged;

    private const ReconcileReasons OneTenant = ReconcileReasons.NamespaceChanged
        | ReconcileReasons.ClusterRequestChanged
        | ReconcileReasons.AccessRequestChanged
        | ReconcileReasons.SecretChanged
        | ReconcileReasons.OciRepositoryChanged
        | ReconcileReasons.HelmReleaseChanged
        | ReconcileReasons.ControlPlaneChanged
        | ReconcileReasons.ControlPlaneApplied
        | ReconcileReasons.OperationDue
        | ReconcileReasons.LimitChanged;

    private const ReconcileReasons AllTenants =
        ReconcileReasons.ProviderConfigChanged | ReconcileReasons.SourceSecretChanged | ReconcileReasons.CaBundleChanged
        | ReconcileReasons.RolloutAdvanced;

    // A control plane itself causes these as often as it likes, and so do steps on it.
    private const ReconcileReasons OfControlPlane = ReconcileReasons.ControlPlaneChanged
        | ReconcileReasons.ControlPlaneApplied
        | ReconcileReasons.OciRepositoryChanged
        | ReconcileReasons.HelmReleaseChanged
        | ReconcileReasons.Debounce
        | ReconcileReasons.Retry;

    /// <summary>The priority of the most urgent of these reasons.</summary>
    public static QueuePriority Of(ReconcileReasons reasons) =>
        (reasons & User) != 0 ? QueuePriority.Urgent
        : (reasons & OneTenant) != 0 ? QueuePriority.High
        : (reasons & AllTenants) != 0 ? QueuePriority.Normal
        : QueuePriority.Low;

    /// <summary>Whether one of these reasons ends the back-off of a control plane.</summary>
    public static bool IsNewsForControlPlane(ReconcileReasons reasons) => (reasons & ~OfControlPlane) != 0;
}
