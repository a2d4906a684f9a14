using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.States;

namespace ServiceProviderOcm.Core.Plan;

/// <summary>
/// What to write for an OCM that is being deleted, or for orphaned objects, given the state. Needs neither ProviderConfig nor pull
/// secret, and creates nothing.
/// </summary>
internal static class DeletionPlanner
{
    /// <param name="observation">The observation.</param>
    /// <param name="ocm">The OCM; null if it does not exist any more.</param>
    /// <param name="state">The state of the deletion.</param>
    /// <exception cref="UnreachableException">It is not the state of an OCM that is being deleted.</exception>
    public static ReconcilePlan Plan(Observation observation, KubeObject? ocm, DeletionState state) => state.Status.State switch
    {
        OcmState.FinalizerRemoved or OcmState.Starting or OcmState.PlatformUnavailable or OcmState.PlatformForbidden or OcmState.PlatformRejected
            or OcmState.PlatformConflict or OcmState.PlatformNotInstalled or OcmState.AwaitingAccessForDeletion =>
            ReconcilePlan.Report(state.Status),
        OcmState.CheckingUserObjects when observation.UserObjects.Status == ObservationStatus.Known =>
            new ReconcilePlan(state.Status, [], ScopeOf(observation) | ControlPlaneScope.FreshUserObjects),
        OcmState.CheckingUserObjects or OcmState.DeletionBlocked or OcmState.DeletionBlockedByOtherKinds or OcmState.DeletionCheckUnreachable
            or OcmState.CleanupUnreachable or OcmState.LimitExceeded or OcmState.ControlPlaneObjectUnreadable =>
            new ReconcilePlan(state.Status, [], ScopeOf(observation)),
        OcmState.Uninstalling or OcmState.UninstallFailed => new ReconcilePlan(
            state.Status,
            UninstallSteps(observation, observation.HelmRelease!),
            observation.ClusterRequest is null ? ControlPlaneScope.None : ControlPlaneScope.Unchanged),
        OcmState.DeletingOciRepository => new ReconcilePlan(
            state.Status, Delete(PlatformKinds.OciRepository, observation.OciRepository!), ControlPlaneScope.Unchanged),
        OcmState.DeletingControlPlaneObjects => new ReconcilePlan(
            state.Status, state.PruneSteps, ScopeOf(observation)),
        OcmState.DeletingAccessRequest => new ReconcilePlan(
            state.Status, [.. DeleteCopies(observation), .. DeleteAccess(observation.AccessRequest!)], ControlPlaneScope.None),
        OcmState.DeletingSecretCopies => new ReconcilePlan(state.Status, [.. DeleteCopies(observation)], ControlPlaneScope.None),
        OcmState.Finalizing => new ReconcilePlan(
            state.Status,
            [new PatchStep(
                TargetCluster.Onboarding,
                observation.Identity.Api.Ocm,
                ocm!,
                MetadataPatches.RemoveFinalizer(ocm!, observation.Identity.Api.Finalizer))],
            ControlPlaneScope.None),
        _ => throw new UnreachableException($"{state.Status.State} is not a state of a deletion"),
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
            .. (observation.ClusterRequest, isSuspended) switch
            {
                (null, false) => [Suspend(release, value: true)],
                ({ IsBeingDeleted: false }, true) when CanUninstall(observation.AccessRequest) => [Suspend(release, value: null)],
                _ => Array.Empty<PlanStep>(),
            },
            .. Delete(PlatformKinds.HelmRelease, release),
        ];
    }

    private static bool CanUninstall(KubeObject? access) => access is { IsBeingDeleted: false } && AccessGrant.IsUsable(access);

    // Flux deletes a suspended HelmRelease without uninstalling, which could not succeed without a control plane.
    private static PatchStep Suspend(KubeObject release, bool? value) => new(
        TargetCluster.Platform,
        PlatformKinds.HelmRelease,
        release,
        new JsonObject { ["spec"] = new JsonObject { ["suspend"] = value } }.ToElement());

    private static IReadOnlyList<PlanStep> DeleteAccess(KubeObject access) =>
        access.IsBeingDeleted ? AccessRequests.RemoveFinalizer(access) : Delete(PlatformKinds.AccessRequest, access);

    private static IEnumerable<PlanStep> DeleteCopies(Observation observation) =>
        observation.SecretCopies.SelectMany(copy => Delete(Kinds.Secret, copy));

    private static IReadOnlyList<PlanStep> Delete(ResourceKind kind, KubeObject observed) =>
        observed.IsBeingDeleted ? [] : [new DeleteStep(TargetCluster.Platform, kind, observed)];
}
