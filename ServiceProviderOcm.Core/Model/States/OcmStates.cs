using System.Collections.Frozen;
using static ServiceProviderOcm.Core.Model.States.OcmState;

namespace ServiceProviderOcm.Core.Model.States;

/// <summary>What is derived from each state, in one table.</summary>
public static class OcmStates
{
    private static readonly FrozenDictionary<OcmState, (Health Health, string Reason)> Table =
        new Dictionary<OcmState, (Health, string)>
        {
            [Gone] = (Health.Unreported, ""),
            [Ignored] = (Health.Unreported, ""),
            [Paused] = (Health.Unreported, ""),
            [Starting] = (Health.Unreported, ""),
            [Superseded] = (Health.Unreported, ""),
            [ReconcileRequested] = (Health.Unreported, ""),
            [Reconnecting] = (Health.Unreported, ""),
            [FinalizerRemoved] = (Health.Unreported, ""),
            [Finalizing] = (Health.Unreported, ""),
            [Ready] = (Health.Ready, Reasons.ReconcileSuccess),
            [ProviderConfigMissing] = (Health.Degraded, Reasons.ProviderConfigMissing),
            [ProviderConfigInvalid] = (Health.Degraded, Reasons.InvalidProviderConfig),
            [ChartUrlInvalid] = (Health.Degraded, Reasons.InvalidChartUrl),
            [VersionInvalid] = (Health.Degraded, Reasons.InvalidVersion),
            [VersionNotOffered] = (Health.Degraded, Reasons.VersionNotOffered),
            [ImagePullSecretMissing] = (Health.Degraded, Reasons.ImagePullSecretMissing),
            [ImagePullSecretWrongType] = (Health.Degraded, Reasons.ImagePullSecretWrongType),
            [VerificationSecretMissing] = (Health.Degraded, Reasons.VerificationSecretMissing),
            [VerificationSecretInvalid] = (Health.Degraded, Reasons.VerificationSecretInvalid),
            [CaBundleMissing] = (Health.Degraded, Reasons.CaBundleMissing),
            [CaBundleInvalid] = (Health.Degraded, Reasons.CaBundleInvalid),
            [LimitExceeded] = (Health.Degraded, Reasons.LimitExceeded),
            [TenantNamespaceMissing] = (Health.Degraded, Reasons.TenantNamespaceMissing),
            [TenantNamespaceTerminating] = (Health.Degraded, Reasons.TenantNamespaceMissing),
            [ClusterRequestMissing] = (Health.Degraded, Reasons.ClusterRequestMissing),
            [AccessRequestForeign] = (Health.Degraded, Reasons.AccessRequestNotOurs),
            [AccessRequestTerminating] = (Health.Pending, Reasons.AccessRequestPending),
            [AwaitingAccess] = (Health.Pending, Reasons.AccessRequestPending),
            [AccessOverdue] = (Health.Degraded, Reasons.AccessRequestOverdue),
            [AccessDenied] = (Health.Degraded, Reasons.AccessRequestDenied),
            [AwaitingControlPlane] = (Health.Pending, Reasons.ControlPlanePending),
            [ToolkitNamespaceTerminating] = (Health.Pending, Reasons.ControlPlanePending),
            [ControlPlaneUnreachable] = (Health.Degraded, Reasons.ControlPlaneUnreachable),
            [ControlPlaneObjectUnreadable] = (Health.Degraded, Reasons.ControlPlaneRejected),
            [PullingChart] = (Health.Pending, Reasons.OciRepositoryNotReady),
            [PullFailed] = (Health.Degraded, Reasons.OciRepositoryFailed),
            [VerificationFailed] = (Health.Degraded, Reasons.VerificationFailed),
            [OciRepositoryTerminating] = (Health.Pending, Reasons.OciRepositoryNotReady),
            [Installing] = (Health.Pending, Reasons.HelmReleaseNotReady),
            [Upgrading] = (Health.Pending, Reasons.HelmReleaseNotReady),
            [InstallFailed] = (Health.Degraded, Reasons.HelmReleaseFailed),
            [UpgradeFailed] = (Health.Degraded, Reasons.HelmReleaseFailed),
            [HelmReleaseTerminating] = (Health.Pending, Reasons.HelmReleaseNotReady),
            [ObjectForeign] = (Health.Degraded, Reasons.ObjectNotManaged),
            [Contested] = (Health.Degraded, Reasons.Contested),
            [FluxNotInstalled] = (Health.Degraded, Reasons.FluxNotInstalled),
            [PlatformNotInstalled] = (Health.Degraded, Reasons.PlatformNotInstalled),
            [PlatformUnavailable] = (Health.Degraded, Reasons.PlatformUnavailable),
            [PlatformForbidden] = (Health.Degraded, Reasons.PlatformForbidden),
            [PlatformRejected] = (Health.Degraded, Reasons.PlatformRejected),
            [PlatformConflict] = (Health.Degraded, Reasons.PlatformConflict),
            [OnboardingUnavailable] = (Health.Degraded, Reasons.OnboardingUnavailable),
            [OnboardingForbidden] = (Health.Degraded, Reasons.OnboardingForbidden),
            [OnboardingRejected] = (Health.Degraded, Reasons.OnboardingRejected),
            [OnboardingConflict] = (Health.Degraded, Reasons.OnboardingConflict),
            [ControlPlaneUnavailable] = (Health.Degraded, Reasons.ControlPlaneUnavailable),
            [ControlPlaneForbidden] = (Health.Degraded, Reasons.ControlPlaneForbidden),
            [ControlPlaneRejected] = (Health.Degraded, Reasons.ControlPlaneRejected),
            [ControlPlaneConflict] = (Health.Degraded, Reasons.ControlPlaneConflict),
            [AwaitingAccessForDeletion] = (Health.Pending, Reasons.AccessRequestPending),
            [CheckingUserObjects] = (Health.Pending, Reasons.ControlPlanePending),
            [DeletionBlocked] = (Health.Degraded, Reasons.RepositoriesExist),
            [DeletionBlockedByOtherKinds] = (Health.Degraded, Reasons.UserResourcesPresent),
            [DeletionCheckUnreachable] = (Health.Degraded, Reasons.ControlPlaneUnreachable),
            [Uninstalling] = (Health.Pending, Reasons.HelmReleaseDeleting),
            [UninstallFailed] = (Health.Degraded, Reasons.UninstallFailed),
            [DeletingOciRepository] = (Health.Pending, Reasons.OciRepositoryDeleting),
            [DeletingControlPlaneObjects] = (Health.Pending, Reasons.ControlPlanePending),
            [CleanupUnreachable] = (Health.Degraded, Reasons.ControlPlaneUnreachable),
            [DeletingAccessRequest] = (Health.Pending, Reasons.AccessRequestDeleting),
            [DeletingSecretCopies] = (Health.Pending, Reasons.AccessRequestDeleting),
            [AccessDeletionOverdue] = (Health.Degraded, Reasons.AccessRequestDeletionOverdue),
            [ControlPlaneOverdue] = (Health.Degraded, Reasons.ControlPlaneOverdue),
            [OciRepositoryOverdue] = (Health.Degraded, Reasons.OciRepositoryOverdue),
            [HelmReleaseOverdue] = (Health.Degraded, Reasons.HelmReleaseOverdue),
            [SecretDeletionOverdue] = (Health.Degraded, Reasons.SecretDeletionOverdue),
        }.ToFrozenDictionary();

    /// <summary>All reasons of the Ready condition while it is not true, each once.</summary>
    public static IReadOnlyList<string> ReasonsNotReady { get; } =
        [.. Table.Values.Where(row => row.Health is Health.Pending or Health.Degraded).Select(row => row.Reason).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The health of an OCM in that state.</summary>
    public static Health HealthOf(OcmState state) => Table[state].Health;

    /// <summary>Whether users' objects block the deletion in that state.</summary>
    public static bool IsDeletionBlocked(OcmState state) => state is DeletionBlocked or DeletionBlockedByOtherKinds;

    /// <summary>The reason of the Ready condition and of the Event; empty for states that are not reported.</summary>
    public static string ReasonOf(OcmState state) => Table[state].Reason;
}
