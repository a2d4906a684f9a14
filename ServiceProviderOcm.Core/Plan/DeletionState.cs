using System.Diagnostics.CodeAnalysis;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.States;

namespace ServiceProviderOcm.Core.Plan;

/// <summary>
/// The state of an OCM that is being deleted: the first step of the deletion that is not done yet. Users' objects come first, then what
/// depends on the access to the control plane, then the access, last the provider's finalizer.
/// </summary>
/// <param name="Status">The state.</param>
/// <param name="PruneSteps">Deletes managed objects on the control plane; empty if none is left, or as long as they are not read.</param>
internal sealed record DeletionState(ReadyStatus Status, IReadOnlyList<PlanStep> PruneSteps)
{
    private const int NamesShown = 3;

    public static DeletionState Of(Observation observation, KubeObject ocm)
    {
        if (!ocm.Finalizers.Contains(observation.Identity.Api.Finalizer))
        {
            return new DeletionState(ReadyStatus.Unreported(OcmState.FinalizerRemoved) with { IsBeingDeleted = true }, []);
        }

        var access = observation.AccessRequest is { } found && AccessRequests.IsManagedFor(found, observation.Identity.Api, ocm.Key)
            ? found
            : null;
        return Of(observation, ocm.Name, access, OcmState.Finalizing);
    }

    /// <summary>The same for objects whose OCM does not exist: there is no finalizer.</summary>
    /// <param name="observation">Only managed objects.</param>
    /// <param name="controlPlane">The name of the control plane.</param>
    public static DeletionState OfOrphan(Observation observation, string controlPlane) =>
        Of(observation, controlPlane, observation.AccessRequest, OcmState.Gone);

    private static DeletionState Of(Observation observation, string controlPlane, KubeObject? access, OcmState last)
    {
        List<PlanStep> prune =
        [
            .. ControlPlaneObjects.Prune(observation, desired: [], kept: []).Where(step => step.Cluster == TargetCluster.ControlPlane),
        ];
        var status = ClusterErrors.OfSources(Needed(observation), out var stale)
            ? stale
            : OfUserObjects(observation, controlPlane, access)
                .Concat(OfFlux(observation))
                .Concat(OfControlPlane(observation, controlPlane, access, prune))
                .Concat(OfAccess(observation, controlPlane, access))
                .FirstOrDefault(ReadyStatus.Unreported(last));
        return new DeletionState(status with { IsBeingDeleted = true }, prune);
    }

    // There is an AccessRequest by which the control plane can be reached; none is created during a deletion.
    private static bool HasAccess([NotNullWhen(true)] KubeObject? access) => access is { IsBeingDeleted: false };

    // Whether all OCMs are paused must have been read once.
    private static bool IsPauseUnknown(Observation observation, StaleSource source) => source.Kind == observation.Identity.Api.ProviderConfig
        && source is StaleSource.Starting or StaleSource.Unreadable
        && !observation.Config.Exists;

    // Where the kinds of Flux are not served, there are no such objects. Any other missing kind leaves open whether something is left.
    private static List<StaleSource> Needed(Observation observation) =>
    [
        .. observation.StaleSources.Where(source => (!source.IsInput || IsPauseUnknown(observation, source))
            && !(source is StaleSource.NotServed
                && (source.Kind == PlatformKinds.OciRepository || source.Kind == PlatformKinds.HelmRelease))),
    ];

    // What is being deleted was free to go, and where there has never been a chart, nothing depends on it.
    private static IEnumerable<ReadyStatus> OfUserObjects(Observation observation, string controlPlane, KubeObject? access)
    {
        var chart = observation.HelmRelease ?? observation.OciRepository;
        if (chart is not { IsBeingDeleted: false } || observation.ClusterRequest is null || !HasAccess(access))
        {
            yield break;
        }

        var objects = observation.UserObjects;
        if (!AccessGrant.IsUsable(access))
        {
            yield return new ReadyStatus(
                OcmState.AwaitingAccessForDeletion,
                $"Waiting for the platform to grant AccessRequest {access.Key} again, to list users' objects on "
                    + $"control plane \"{controlPlane}\". Deletion also continues when its ClusterRequest is deleted.");
        }
        else if (objects.IsOverLimit)
        {
            yield return ClusterErrors.OfControlPlaneLimit(controlPlane, objects.Error, objects.IsFixedLimit);
        }
        else if (objects.Status == ObservationStatus.Unreachable)
        {
            yield return new ReadyStatus(
                OcmState.DeletionCheckUnreachable,
                $"Control plane \"{controlPlane}\" is unreachable: {objects.Error.TrimEnd('.')}. Users' objects there cannot be "
                    + "listed. Deletion continues when it answers, or when its ClusterRequest is deleted.");
        }
        else if (objects.Kinds.Count > 0)
        {
            yield return OfBlocked(controlPlane, objects.Kinds);
        }
        else if (objects.Status == ObservationStatus.Unknown || (observation.HelmRelease is not null && objects.IsOutdated(observation.Now)))
        {
            yield return new ReadyStatus(
                OcmState.CheckingUserObjects, $"Listing users' objects ({PlatformKinds.ToolkitGroup}) on control plane \"{controlPlane}\".");
        }
    }

    private static ReadyStatus OfBlocked(string controlPlane, IReadOnlyList<UserObjectsOfKind> kinds)
    {
        var counts = string.Join(", ", kinds.Select(kind => $"{kind.Count} {kind.Kind}"));
        var names = kinds.SelectMany(kind => kind.Names.Select(name => kinds.Count == 1 ? name : $"{kind.Kind} {name}")).ToList();
        var more = kinds.Sum(kind => kind.Count) > NamesShown ? ", …" : "";
        return new ReadyStatus(
            kinds.Any(kind => kind.Kind == PlatformKinds.Repository.Kind) ? OcmState.DeletionBlocked : OcmState.DeletionBlockedByOtherKinds,
            $"{counts} object(s) ({PlatformKinds.ToolkitGroup}) still exist on control plane \"{controlPlane}\": "
                + $"{string.Join(", ", names.Take(NamesShown))}{more}. Delete them to continue.");
    }

    private static IEnumerable<ReadyStatus> OfFlux(Observation observation)
    {
        if (observation.HelmRelease is { } release)
        {
            var flux = FluxStatus.Of(release, observation.Secrets);
            yield return flux.State == FluxState.TerminationFailed
                ? new ReadyStatus(
                    OcmState.UninstallFailed,
                    $"Flux failed to uninstall the chart (HelmRelease {release.Key}): {flux.Message.TrimEnd('.')}. "
                        + (flux.MissingPermissions.Length > 0 ? $"{InstallState.LacksPermissions(flux)}. " : "") + "Flux retries. If this "
                        + "lasts, a platform operator must resolve it; "
                        + "deletion also continues when the ClusterRequest of the control plane is deleted.")
                : new ReadyStatus(OcmState.Uninstalling, $"Waiting for Flux to uninstall the chart (HelmRelease {release.Key}).");
        }
        else if (observation.OciRepository is { } source)
        {
            yield return new ReadyStatus(
                OcmState.DeletingOciRepository, $"Waiting for OCIRepository {source.Key} to be finalized by Flux.");
        }
    }

    // Where the control plane is unreachable for good, the managed objects stay, or go with it.
    private static IEnumerable<ReadyStatus> OfControlPlane(
        Observation observation, string controlPlane, KubeObject? access, List<PlanStep> prune)
    {
        if (observation.ClusterRequest is null || !observation.MayHaveControlPlaneObjects || !HasAccess(access))
        {
            yield break;
        }

        var seen = observation.ControlPlane;
        if (!AccessGrant.IsUsable(access))
        {
            // Before the first grant, nothing was applied.
            if (AccessGrant.SecretName(access).Length > 0 || prune.Count > 0)
            {
                yield return new ReadyStatus(
                    OcmState.AwaitingAccessForDeletion,
                    $"Waiting for the platform to grant AccessRequest {access.Key} again, to delete image pull secrets and the CA bundle on "
                        + $"control plane \"{controlPlane}\". Deletion also continues when its ClusterRequest is deleted.");
            }
        }
        else if (seen.IsOverLimit)
        {
            yield return ClusterErrors.OfControlPlaneLimit(controlPlane, seen.Error, seen.IsFixedLimit);
        }
        else if (seen.Status == ObservationStatus.Unreachable)
        {
            yield return new ReadyStatus(
                OcmState.CleanupUnreachable,
                $"Control plane \"{controlPlane}\" is unreachable: {seen.Error.TrimEnd('.')}. Image pull secrets and the CA bundle cannot "
                    + "be deleted there. Deletion continues when it answers, or when its ClusterRequest is deleted.");
        }
        else if (!seen.IsKnown || observation.IsControlPlaneBusy || prune.Count > 0)
        {
            yield return new ReadyStatus(
                OcmState.DeletingControlPlaneObjects,
                $"Deleting image pull secrets and the CA bundle on control plane \"{controlPlane}\".");
        }
        else if (seen.Unreadable.Count > 0)
        {
            yield return ClusterErrors.OfUnreadable(controlPlane, observation);
        }
    }

    private static IEnumerable<ReadyStatus> OfAccess(Observation observation, string controlPlane, KubeObject? access)
    {
        if (access is not null)
        {
            yield return new ReadyStatus(
                OcmState.DeletingAccessRequest,
                $"Waiting for AccessRequest {access.Key} to be deleted, and with it the access to control plane \"{controlPlane}\".");
        }
        else if (observation.SecretCopies.Count > 0)
        {
            yield return new ReadyStatus(
                OcmState.DeletingSecretCopies, "Waiting for the copies of the image pull secret and the CA bundle to be deleted.");
        }
    }
}
