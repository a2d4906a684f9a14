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
        switch (state.PlannedState)
        {
            case OcmState.Starting or OcmState.PlatformUnavailable or OcmState.PlatformForbidden or OcmState.PlatformRejected
                or OcmState.PlatformConflict or OcmState.PlatformNotInstalled or OcmState.FluxNotInstalled
                or OcmState.ProviderConfigMissing or OcmState.ProviderConfigInvalid or OcmState.ChartUrlInvalid
                or OcmState.VersionInvalid or OcmState.VersionNotOffered
                or OcmState.ImagePullSecretMissing or OcmState.ImagePullSecretWrongType
                or OcmState.VerificationSecretMissing or OcmState.VerificationSecretInvalid
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
                or OcmState.ControlPlaneObjectUnreadable or OcmState.PullingChart or OcmState.PullFailed or OcmState.VerificationFailed or OcmState.OciRepositoryTerminating
                or OcmState.Installing or OcmState.Upgrading or OcmState.InstallFailed or OcmState.UpgradeFailed
                or OcmState.HelmReleaseTerminating or OcmState.Reconnecting or OcmState.Ready:
                if (observation.Revision.IsHeld)
                {
                    return new ReconcilePlan(
                        status, [.. AccessSteps(observation, ocm, inputs, isForced)], ControlPlaneScope.Unchanged);
                }

                var releaseSteps = ReleaseSteps(observation, ocm, inputs, state.PlannedState, isForced, out var holdsRelease);
                return new ReconcilePlan(
                    status,
                    [.. AccessSteps(observation, ocm, inputs, isForced), .. releaseSteps],
                    ControlPlaneObjects.ScopeOf(observation, inputs))
                {
                    HoldsRelease = holdsRelease,
                };
            default:
                throw new UnreachableException($"{state.PlannedState} is not a state of an installation");
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

        if (observation.Revision.IsHeld && observation.AccessRequest is not null)
        {
            // The access is that of a revision, too.
            yield break;
        }

        var desired = Manifests.AccessRequest(
            observation.Identity,
            ocm.Key,
            observation.TenantNamespaceName,
            ControlPlaneObjects.AreNeeded(observation, inputs),
            ManagedObjects.MayHaveUnlabelledCopies(observation.AccessRequest, observation.Identity.Api),
            inputs.Access);
        foreach (var step in EnsureApplied.Steps(
            TargetCluster.Platform, PlatformKinds.AccessRequest, desired, observation.AccessRequest, observation, isForced))
        {
            yield return step;
        }
    }

    // What an object refers to is applied before it, and deleted after it. The HelmRelease is first created once the toolkit's pods
    // will find what they need on the control plane, unless that is unreachable: Flux may reach it all the same. Steps on the control plane
    // are handed over together, whatever becomes of those on the platform cluster: nothing is pruned by a plan that changes the HelmRelease.
    private static IEnumerable<PlanStep> ReleaseSteps(
        Observation observation, KubeObject ocm, ChartInputs inputs, OcmState state, bool isForced, out bool holdsRelease)
    {
        var (identity, tenant, bundle) = (observation.Identity, observation.TenantNamespaceName, observation.CaBundle);
        List<KubeObject> copies =
        [
            .. observation.SourceSecrets.TryGetValue(inputs.Source.PullSecret, out var source)
                ? [Manifests.SecretCopy(identity, ocm.Key, tenant, source, observation.SecretCopies)]
                : Array.Empty<KubeObject>(),
            .. inputs.Source.Verification is { } verification && observation.SourceSecrets.TryGetValue(verification.Secret, out var keys)
                ? [Manifests.VerificationSecret(identity, ocm.Key, tenant, keys, verification)]
                : Array.Empty<KubeObject>(),
            .. bundle.IsSet ? [Manifests.CaBundleSecret(identity, ocm.Key, tenant, bundle)] : Array.Empty<KubeObject>(),
        ];
        var repository = RevisionLabels.Mark(
            PlatformKinds.OciRepository,
            marks => Manifests.OciRepository(identity, ocm.Key, tenant, inputs, bundle, marks),
            observation.OciRepository,
            observation,
            isForced);
        var release = RevisionLabels.Mark(
            PlatformKinds.HelmRelease,
            marks => Manifests.HelmRelease(
                identity, ocm.Key, tenant, inputs, AccessGrant.SecretName(observation.AccessRequest!), bundle, marks),
            observation.HelmRelease,
            observation,
            isForced);
        var desired = ControlPlaneObjects.Desired(observation, inputs);
        var helmReleaseSteps = Ensure(PlatformKinds.HelmRelease, release, observation.HelmRelease).ToList();

        // A change of its spec always has steps: without any, nothing is compared again.
        holdsRelease = helmReleaseSteps.Count > 0 && HoldsRelease(observation, repository, release);
        List<PlanStep> prune =
        [
            .. ControlPlaneObjects.Prune(observation, desired, inputs.Source.ToolkitPullSecrets),
            .. ControlPlaneObjects.PruneUnlabelled(observation, inputs.Source.ToolkitPullSecrets),
        ];
        if (helmReleaseSteps.Count > 0 || !IsDeployed(observation))
        {
            prune.RemoveAll(step => step is DeleteStep);
        }

        var isHeldBack = holdsRelease
            || (observation.HelmRelease is null && state is OcmState.AwaitingControlPlane or OcmState.ToolkitNamespaceTerminating);
        return
        [
            .. copies.SelectMany(copy =>
                Ensure(Kinds.Secret, copy, observation.SecretCopies.FirstOrDefault(there => there.Name == copy.Name))),
            .. Ensure(PlatformKinds.OciRepository, repository, observation.OciRepository),
            .. ControlPlaneObjects.EnsureApplied(observation, desired, isForced),
            .. isHeldBack ? [] : helmReleaseSteps,
            .. observation.SecretCopies
                .Where(there => !there.IsBeingDeleted && !IsReferred(there) && copies.TrueForAll(copy => copy.Name != there.Name))
                .Select(there => new DeleteStep(TargetCluster.Platform, Kinds.Secret, there)),
            .. prune,
        ];

        // Also if its source is not known.
        bool IsReferred(KubeObject copy) => new[] { inputs.Source.PullSecret, inputs.Source.Verification?.Secret }
            .Any(name => name is { Length: > 0 } && copy.Name == ObjectNames.SecretCopy(name));

        IEnumerable<PlanStep> Ensure(ResourceKind kind, KubeObject manifest, KubeObject? observed) =>
            EnsureApplied.Steps(TargetCluster.Platform, kind, manifest, observed, observation, isForced);
    }

    // Until then, pods refer to objects on the control plane that are no longer desired, and again after a rollback.
    private static bool IsDeployed(Observation observation) =>
        observation.HelmRelease is { } release
        && FluxStatus.OfRelease(release, observation.OciRepository, observation.Secrets).State == FluxState.Ready;

    // Where one reconciliation changes both, helm-controller would find an OCIRepository that is not ready and return to the HelmRelease
    // only after an interval. A change of the HelmRelease alone waits for nothing, and a failed or overdue OCIRepository holds nothing
    // back, unless its chart is not verified: that is no reason to upgrade.
    private static bool HoldsRelease(Observation observation, KubeObject repository, KubeObject release) =>
        observation.HelmRelease is not null
        && (AwaitsFlux(observation)
            || IsUnverified(observation)
            || EnsureApplied.IsChangeOfSpec(PlatformKinds.OciRepository, repository, observation.OciRepository, observation))
        && EnsureApplied.IsChangeOfSpec(PlatformKinds.HelmRelease, release, observation.HelmRelease, observation);

    // If the last chart that was verified is the desired one, its values may change.
    private static bool IsUnverified(Observation observation) =>
        observation.OciRepository is { } source
        && FluxStatus.OfSource(source, observation.Secrets).IsUnverified
        && !(source.Json.Number("status", "observedGeneration") == source.Generation && ChartArtifact.Of(source).IsWantedBy(source));

    private static bool AwaitsFlux(Observation observation) =>
        observation.OciRepository is { } source
        && (observation.Wait.IsReleaseHeld || (observation.Wait == ObservedWait.None && IsChangedBeforeRelease(observation, source)))
        && FluxStatus.OfSource(source, observation.Secrets).State == FluxState.Pending
        && !WaitLimits.IsOverdue(observation, OcmState.PullingChart);

    // What an earlier leader held back is not remembered.
    private static bool IsChangedBeforeRelease(Observation observation, KubeObject source)
    {
        return (source.Json.Number("status", "observedGeneration") ?? 0) < source.Generation
            && (!ChartArtifact.Of(source).IsWantedBy(source) || RevisionOf(source) != RevisionOf(observation.HelmRelease));

        string RevisionOf(KubeObject? fluxObject) => RevisionMarks.Of(fluxObject, observation.Identity.Api).Revision;
    }
}
