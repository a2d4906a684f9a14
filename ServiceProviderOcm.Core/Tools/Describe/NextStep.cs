using System.Collections.Frozen;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Tools.Status;

namespace ServiceProviderOcm.Core.Tools.Describe;

/// <summary>What to do about an OCM next, and who. A pure function; docs/conditions.md has the details.</summary>
public static class NextStep
{
    private const string Wait = "Wait. After the limit in docs/conditions.md, this is reported as a failure.";
    private const string Nothing = "Nothing to do.";

    private static readonly FrozenDictionary<string, string> Steps = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [Reasons.ProviderConfigMissing] = "Platform operator: create the ProviderConfig.",
        [Reasons.InvalidProviderConfig] = "Platform operator: correct the field of the ProviderConfig that the message names.",
        [Reasons.InvalidChartUrl] = "Platform operator: correct chartURL in the ProviderConfig.",
        [Reasons.InvalidVersion] = "Tenant: set spec.version to a tag of the chart.",
        [Reasons.VersionNotOffered] =
            "Tenant: set spec.version to one of the versions in the message. Platform operator: add the version again if it was removed.",
        [Reasons.ImagePullSecretMissing] = "Platform operator: create the Secret, or correct its name in the ProviderConfig.",
        [Reasons.ImagePullSecretWrongType] = "Platform operator: replace the Secret by one of the type in the message.",
        [Reasons.VerificationSecretMissing] = "Platform operator: create the Secret, or correct verify.secretRef in the ProviderConfig.",
        [Reasons.VerificationSecretInvalid] = "Platform operator: correct the keys of the Secret of verify.secretRef.",
        [Reasons.CaBundleMissing] = "Platform operator: create the ConfigMap, or correct caBundleRef in the ProviderConfig.",
        [Reasons.CaBundleInvalid] = "Platform operator: correct the certificates in the ConfigMap of caBundleRef.",
        [Reasons.LimitExceeded] = "Tenant: reduce what the message names. Platform operator: raise the limit, if the message names its flag.",
        [Reasons.TenantNamespaceMissing] = "Tenant: create the control plane, or replace the OCM by one with the control plane's name.",
        [Reasons.ClusterRequestMissing] =
            "Wait if the control plane is new. Otherwise the tenant replaces the OCM by one with the control plane's name.",
        [Reasons.AccessRequestPending] = Wait,
        [Reasons.AccessRequestOverdue] = "Platform operator: check that a cluster provider is running.",
        [Reasons.AccessRequestDenied] = "Platform operator: resolve what the conditions of the AccessRequest report.",
        [Reasons.AccessRequestNotOurs] = "Platform operator: delete or rename the AccessRequest of the other component.",
        [Reasons.FluxNotInstalled] = "Platform operator: install Flux.",
        [Reasons.PlatformNotInstalled] = "Platform operator: install the kinds of openMCP that the message names.",
        [Reasons.OciRepositoryNotReady] = Wait,
        [Reasons.OciRepositoryFailed] =
            "Tenant: correct spec.version if the tag does not exist. Otherwise platform operator: check chart URL, image pull secret and CA bundle.",
        [Reasons.VerificationFailed] = "Platform operator: check the signature of the chart, and spec.verify of the ProviderConfig.",
        [Reasons.HelmReleaseFailed] = "Platform operator: check the Helm values and the control plane, as the message of the HelmRelease says.",
        [Reasons.HelmReleaseNotReady] = Wait,
        [Reasons.ObjectNotManaged] = "Owner of the object in the message: delete or rename it, or set the labels to have it adopted.",
        [Reasons.Contested] = "Platform operator: find the other writer with kubectl get --show-managed-fields.",
        [Reasons.PlatformUnavailable] = "Wait. If it lasts, platform operator: check the platform cluster.",
        [Reasons.PlatformForbidden] = "Platform operator: apply the roles of deploy/base, or renew the credentials.",
        [Reasons.PlatformRejected] = "Platform operator: correct what the API server reports.",
        [Reasons.PlatformConflict] = "Nothing to do: the write is retried.",
        [Reasons.OnboardingUnavailable] = "Wait. If it lasts, platform operator: check the onboarding cluster.",
        [Reasons.OnboardingForbidden] = "Platform operator: grant patch on ocms on the onboarding cluster.",
        [Reasons.OnboardingRejected] = "Platform operator: correct what the API server reports.",
        [Reasons.OnboardingConflict] = "Nothing to do: the write is retried.",
        [Reasons.ControlPlaneUnavailable] = "Wait. If it lasts, platform operator: check the control plane.",
        [Reasons.ControlPlaneForbidden] = "Owner of the control plane: grant the permission in the message.",
        [Reasons.ControlPlaneRejected] = "Owner of the control plane: correct or delete the object in the message.",
        [Reasons.ControlPlaneConflict] = "Nothing to do: the write is retried.",
        [Reasons.ControlPlanePending] = Wait,
        [Reasons.ControlPlaneUnreachable] = "Platform operator: check the control plane. If it is gone for good, delete its ClusterRequest.",
        [Reasons.ControlPlaneOverdue] = "Platform operator: check the control plane. Owner of the control plane: remove finalizers there.",
        [Reasons.RepositoriesExist] = "Tenant: delete the objects in the message from the control plane.",
        [Reasons.UserResourcesPresent] = "Tenant: delete the objects in the message from the control plane.",
        [Reasons.HelmReleaseDeleting] = Wait,
        [Reasons.UninstallFailed] = "Platform operator: fix what the message of the HelmRelease reports.",
        [Reasons.OciRepositoryDeleting] = Wait,
        [Reasons.AccessRequestDeleting] = Wait,
        [Reasons.AccessRequestDeletionOverdue] = "Platform operator: check that the cluster provider runs, or run the command in the message.",
        [Reasons.OciRepositoryOverdue] = "Platform operator: check that source-controller runs, and run the command in the message.",
        [Reasons.HelmReleaseOverdue] = "Platform operator: check that helm-controller runs, and run the command in the message.",
        [Reasons.SecretDeletionOverdue] = "Platform operator: have the finalizers removed; the command in the message lists the Secrets.",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What to do about a reason of the Ready condition; null if it is not one of this provider's.</summary>
    public static string? Of(string reason) => Steps.GetValueOrDefault(reason);

    /// <summary>What to do.</summary>
    /// <param name="ocm">The OCM.</param>
    /// <param name="summary">Its status.</param>
    /// <param name="rollout">How far the rollout is; null if that is not known.</param>
    public static string Of(KubeObject ocm, OcmSummary summary, RolloutSummary? rollout)
    {
        if (Operation.IsIgnore(ocm))
        {
            return $"Whoever has paused the OCM: remove the annotation {Operation.Annotation} to continue.";
        }

        var reported = ocm.ReadyCondition.Number("observedGeneration") ?? ocm.Json.Number("status", "observedGeneration");
        if (summary.Reason.Length == 0 || reported != ocm.Generation)
        {
            return "Wait for the controller to reconcile the OCM. If that lasts, platform operator: check that it is running.";
        }

        if (!summary.IsReady)
        {
            var step = Of(summary.Reason) ?? "See the message of the condition Ready.";
            return summary.Update is { HasFailed: true }
                ? $"Platform operator: the update to revision {rollout?.UpdateRevision} has failed here; return to the earlier "
                    + $"configuration, or fix the cause. {step}"
                : step;
        }

        return summary.Update is { IsUpdated: false } && rollout is not null ? OfRollout(rollout)
            : ocm.Condition("VersionWarning").Text("message") is { Length: > 0 } warning ? $"Tenant: {warning}"
            : Nothing;
    }

    private static string OfRollout(RolloutSummary rollout) => rollout.State switch
    {
        RolloutState.Stalled => $"Platform operator: the rollout of revision {rollout.UpdateRevision} has stalled before this OCM. "
            + "Fix the configuration or the failed OCMs, or return to the earlier configuration.",
        RolloutState.Paused => "Platform operator: the rollout is paused; set spec.rollout.paused of the ProviderConfig to false to continue.",
        _ => $"Nothing to do: the rollout of revision {rollout.UpdateRevision} has not reached this OCM yet.",
    };
}
