using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.States;

namespace ServiceProviderOcm.Core.Plan;

/// <summary>
/// What to write for an OCM that is being deleted, given its state. Needs neither ProviderConfig nor pull secret, and creates nothing.
/// </summary>
internal static class DeletionPlanner
{
    public static ReconcilePlan Plan(Observation observation, KubeObject ocm, ReadyStatus status) => status.State switch
    {
        OcmState.CheckingUserObjects or OcmState.DeletionBlocked or OcmState.DeletionCheckUnreachable or OcmState.CleanupUnreachable =>
            new ReconcilePlan(status, [], ScopeOf(observation)),
        OcmState.Uninstalling or OcmState.UninstallFailed => new ReconcilePlan(
            status,
            UninstallSteps(observation, observation.HelmRelease!),
            observation.ClusterRequest is null ? ControlPlaneScope.None : ControlPlaneScope.Unchanged),
        OcmState.DeletingOciRepository => new ReconcilePlan(
            status, Delete(PlatformKinds.OciRepository, observation.OciRepository!), ControlPlaneScope.Unchanged),
        OcmState.DeletingControlPlaneObjects => new ReconcilePlan(
            status,
            [.. ControlPlaneObjects.Prune(observation, desired: []).Where(step => step.Cluster == TargetCluster.ControlPlane)],
            ScopeOf(observation)),
        OcmState.DeletingAccessRequest => new ReconcilePlan(
            status, [.. DeleteCopies(observation), .. DeleteAccess(observation.AccessRequest!)], ControlPlaneScope.None),
        OcmState.DeletingSecretCopies => new ReconcilePlan(status, [.. DeleteCopies(observation)], ControlPlaneScope.None),
        OcmState.Finalizing => new ReconcilePlan(
            status,
            [new PatchStep(
                TargetCluster.Onboarding,
                observation.Identity.Api.Ocm,
                ocm,
                MetadataPatches.RemoveFinalizer(ocm, observation.Identity.Api.Finalizer))],
            ControlPlaneScope.None),
        _ => ReconcilePlan.Report(status),
    };

    // All that a deletion reads, so that it needs one connection only.
    private static ControlPlaneScope ScopeOf(Observation observation) =>
        ControlPlaneScope.UserObjects
            | (observation.MayHaveControlPlaneObjects ? ControlPlaneScope.ManagedObjects : ControlPlaneScope.None);

    private static IReadOnlyList<PlanStep> UninstallSteps(Observation observation, KubeObject release)
    {
        var isSuspended = release.At("spec", "suspend") is { ValueKind: JsonValueKind.True };
        return
        [
            .. observation.ClusterRequest is null && !isSuspended
                ? [new PatchStep(TargetCluster.Platform, PlatformKinds.HelmRelease, release, Suspend())]
                : Array.Empty<PlanStep>(),
            .. Delete(PlatformKinds.HelmRelease, release),
        ];
    }

    // A suspended HelmRelease is deleted without uninstalling, which could not succeed without a control plane.
    private static JsonElement Suspend() => new JsonObject { ["spec"] = new JsonObject { ["suspend"] = true } }.ToElement();

    private static IReadOnlyList<PlanStep> DeleteAccess(KubeObject access) =>
        access.IsBeingDeleted ? AccessRequests.RemoveFinalizer(access) : Delete(PlatformKinds.AccessRequest, access);

    private static IEnumerable<PlanStep> DeleteCopies(Observation observation) =>
        observation.SecretCopies.SelectMany(copy => Delete(Kinds.Secret, copy));

    private static IReadOnlyList<PlanStep> Delete(ResourceKind kind, KubeObject observed) =>
        observed.IsBeingDeleted ? [] : [new DeleteStep(TargetCluster.Platform, kind, observed)];
}
