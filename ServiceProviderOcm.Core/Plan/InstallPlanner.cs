using System.Diagnostics;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Model.States;

namespace ServiceProviderOcm.Core.Plan;

/// <summary>What to write for an OCM that is to be installed, given its state. Nothing is written while the inputs are wrong.</summary>
internal static class InstallPlanner
{
    /// <exception cref="UnreachableException">It is not the state of an OCM that is to be installed.</exception>
    public static ReconcilePlan Plan(Observation observation, KubeObject ocm, InstallState state, bool isForced)
    {
        var (status, inputs) = state;
        switch (status.State)
        {
            case OcmState.Starting or OcmState.PlatformUnavailable or OcmState.PlatformForbidden or OcmState.PlatformRejected
                or OcmState.PlatformConflict or OcmState.PlatformNotInstalled or OcmState.FluxNotInstalled
                or OcmState.ProviderConfigMissing or OcmState.ProviderConfigInvalid or OcmState.ChartUrlInvalid
                or OcmState.VersionInvalid or OcmState.VersionNotOffered
                or OcmState.ImagePullSecretMissing or OcmState.ImagePullSecretWrongType
                or OcmState.CaBundleMissing or OcmState.CaBundleInvalid
                or OcmState.TenantNamespaceMissing or OcmState.TenantNamespaceTerminating or OcmState.ClusterRequestMissing
                or OcmState.AccessRequestForeign or OcmState.LimitExceeded:
                return ReconcilePlan.Report(status);
            case OcmState.AccessRequestTerminating:
                return new ReconcilePlan(status, AccessRequests.RemoveFinalizer(observation.AccessRequest!), ControlPlaneScope.Unchanged);
            case OcmState.AwaitingAccess or OcmState.AccessOverdue or OcmState.AccessDenied or OcmState.ObjectForeign:
                return new ReconcilePlan(
                    status, [.. AccessSteps(observation, ocm, inputs, isForced)], ControlPlaneScope.Unchanged);
            case OcmState.AwaitingControlPlane or OcmState.ToolkitNamespaceTerminating or OcmState.ControlPlaneUnreachable
                or OcmState.ControlPlaneObjectUnreadable or OcmState.PullingChart or OcmState.PullFailed or OcmState.OciRepositoryTerminating
                or OcmState.Installing or OcmState.Upgrading or OcmState.InstallFailed or OcmState.UpgradeFailed
                or OcmState.HelmReleaseTerminating or OcmState.Reconnecting or OcmState.Ready:
                if (observation.Revision.IsHeld)
                {
                    return new ReconcilePlan(
                        status, [.. AccessSteps(observation, ocm, inputs, isForced)], ControlPlaneScope.Unchanged);
                }

                var releaseSteps = ReleaseSteps(observation, ocm, inputs, status.State, isForced, out var holdsRelease);
                return new ReconcilePlan(
                    status,
                    [.. AccessSteps(observation, ocm, inputs, isForced), .. releaseSteps],
                    ControlPlaneObjects.AreNeeded(observation, inputs) ? ControlPlaneScope.ManagedObjects : ControlPlaneScope.None)
                {
                    HoldsRelease = holdsRelease,
                };
            default:
                throw new UnreachableException($"{status.State} is not a state of an installation");
        }
    }

    private static IEnumerable<PlanStep> AccessSteps(Observation observation, KubeObject ocm, ChartInputs inputs, bool isForced)
    {
        var finalizer = observation.Identity.Api.Finalizer;
        if (!ocm.Finalizers.Contains(finalizer))
        {
            yield return new PatchStep(
                TargetCluster.Onboarding, observation.Identity.Api.Ocm, ocm, MetadataPatches.AddFinalizer(ocm, finalizer));
        }

        var desired = Manifests.AccessRequest(
            observation.Identity, ocm.Key, observation.TenantNamespaceName, ControlPlaneObjects.AreNeeded(observation, inputs));
        foreach (var step in EnsureApplied.Steps(
            TargetCluster.Platform, PlatformKinds.AccessRequest, desired, observation.AccessRequest, observation, isForced))
        {
            yield return step;
        }
    }

    // What an object refers to is applied before it, and deleted after it. The HelmRelease is first created once the toolkit's pods
    // will find what they need on the control plane, unless that is unreachable: Flux may reach it all the same.
    private static IEnumerable<PlanStep> ReleaseSteps(
        Observation observation, KubeObject ocm, ChartInputs inputs, OcmState state, bool isForced, out bool holdsRelease)
    {
        var (identity, tenant, bundle) = (observation.Identity, observation.TenantNamespaceName, observation.CaBundle);
        List<KubeObject> copies =
        [
            .. inputs.Source.PullSecret is { Length: > 0 } source
                ? [Manifests.SecretCopy(identity, ocm.Key, tenant, observation.SourceSecrets[source], observation.SecretCopies)]
                : Array.Empty<KubeObject>(),
            .. bundle.IsSet ? [Manifests.CaBundleSecret(identity, ocm.Key, tenant, bundle)] : Array.Empty<KubeObject>(),
        ];
        var repository = RevisionLabels.Mark(
            PlatformKinds.OciRepository,
            Manifests.OciRepository(identity, ocm.Key, tenant, inputs, bundle),
            observation.OciRepository,
            observation,
            isForced);
        var release = RevisionLabels.Mark(
            PlatformKinds.HelmRelease,
            Manifests.HelmRelease(identity, ocm.Key, tenant, inputs, AccessGrant.SecretName(observation.AccessRequest!), bundle),
            observation.HelmRelease,
            observation,
            isForced);
        var desired = ControlPlaneObjects.Desired(observation, inputs);
        holdsRelease = HoldsRelease(observation, repository, release);
        var isHeldBack = holdsRelease
            || (observation.HelmRelease is null && state is OcmState.AwaitingControlPlane or OcmState.ToolkitNamespaceTerminating);
        return
        [
            .. copies.SelectMany(copy =>
                Ensure(Kinds.Secret, copy, observation.SecretCopies.FirstOrDefault(there => there.Name == copy.Name))),
            .. Ensure(PlatformKinds.OciRepository, repository, observation.OciRepository),
            .. ControlPlaneObjects.EnsureApplied(observation, desired, isForced),
            .. isHeldBack ? [] : Ensure(PlatformKinds.HelmRelease, release, observation.HelmRelease),
            .. observation.SecretCopies
                .Where(there => !there.IsBeingDeleted && copies.TrueForAll(copy => copy.Name != there.Name))
                .Select(there => new DeleteStep(TargetCluster.Platform, Kinds.Secret, there)),
            .. holdsRelease ? [] : ControlPlaneObjects.Prune(observation, desired),
        ];

        IEnumerable<PlanStep> Ensure(ResourceKind kind, KubeObject manifest, KubeObject? observed) =>
            EnsureApplied.Steps(TargetCluster.Platform, kind, manifest, observed, observation, isForced);
    }

    // Where one reconciliation changes both, helm-controller would find an OCIRepository that is not ready and return to the HelmRelease
    // only after an interval. A change of the HelmRelease alone waits for nothing, and a failed or overdue OCIRepository holds nothing
    // back.
    private static bool HoldsRelease(Observation observation, KubeObject repository, KubeObject release) =>
        observation.HelmRelease is not null
        && (AwaitsFlux(observation)
            || EnsureApplied.IsChangeOfSpec(PlatformKinds.OciRepository, repository, observation.OciRepository, observation))
        && EnsureApplied.IsChangeOfSpec(PlatformKinds.HelmRelease, release, observation.HelmRelease, observation);

    private static bool AwaitsFlux(Observation observation) =>
        observation is { Wait.IsReleaseHeld: true, OciRepository: { } source }
        && FluxStatus.OfSource(source, observation.Secrets).State == FluxState.Pending
        && !WaitLimits.IsOverdue(observation, OcmState.PullingChart);
}
