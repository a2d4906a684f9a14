using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Core.Plan;

/// <summary>
/// Decides about an OCM that is being deleted: users' objects first, then what depends on the access to the control plane,
/// then the access, last our finalizer. Needs neither ProviderConfig nor pull secret, and creates nothing.
/// </summary>
internal static class DeletionPlanner
{
    private const int NamesShown = 3;

    public static ReconcilePlan Plan(Observation observation, KubeObject ocm)
    {
        if (!ocm.Finalizers.Contains(observation.Identity.Api.Finalizer))
        {
            return ReconcilePlan.Nothing;
        }

        if (Failures.OfTroubles(Relevant(observation), out var isStarting) is { } trouble)
        {
            return ReconcilePlan.Report(trouble);
        }

        if (isStarting)
        {
            return ReconcilePlan.Nothing;
        }

        return UninstallRelease(observation, ocm)
            ?? RemoveSource(observation)
            ?? ClearControlPlane(observation, ocm)
            ?? WithdrawAccess(observation, ocm)
            ?? new ReconcilePlan([new PatchStep(
                TargetCluster.Onboarding,
                observation.Identity.Api.Ocm,
                ocm.Key,
                MetadataPatches.RemoveFinalizer(ocm, observation.Identity.Api.Finalizer))], Needs: ControlPlaneView.None);
    }

    // Where Flux' kinds are missing there are no such objects. Any other missing kind leaves open whether something is left.
    private static List<SourceTrouble> Relevant(Observation observation) =>
    [
        .. observation.Troubles.Where(trouble =>
            !trouble.IsInput && !(trouble.IsNotServed && (trouble.Kind == Kinds.OciRepository || trouble.Kind == Kinds.HelmRelease))),
    ];

    private static ReconcilePlan? UninstallRelease(Observation observation, KubeObject ocm)
    {
        // What is under deletion was free to go; where there has never been a chart, nothing depends on it.
        var isControlPlaneGone = observation.ClusterRequest is null;
        var dependency = observation.HelmRelease ?? observation.OciRepository;
        if (dependency is { IsBeingDeleted: false } && !isControlPlaneGone && Protect(observation, ocm) is { } held)
        {
            return held;
        }

        if (observation.HelmRelease is not { } release)
        {
            return null;
        }

        List<PlanStep> steps = [];
        if (isControlPlaneGone && release.Json.At("spec", "suspend") is not { ValueKind: JsonValueKind.True })
        {
            steps.Add(new PatchStep(TargetCluster.Platform, Kinds.HelmRelease, release.Key, Suspend()));
        }

        if (!release.IsBeingDeleted)
        {
            steps.Add(new DeleteStep(TargetCluster.Platform, Kinds.HelmRelease, release));
        }

        var readiness = FluxReadiness.Of(release);
        var message = $"Waiting for Flux to uninstall the chart (HelmRelease {release.Key})";
        return new ReconcilePlan(steps, readiness is { HasFailed: true, Phase: Phase.Terminating }
            ? Verdict.Fault(Reasons.UninstallFailed, $"{message}, which has failed so far: {readiness.Message}")
            : Verdict.Waiting(Reasons.HelmReleaseDeleting, $"{message}."),
            isControlPlaneGone ? ControlPlaneView.None : null);
    }

    // Without an AccessRequest of ours nobody can be asked, and none may be created now.
    private static KubeObject? Access(Observation observation, KubeObject ocm) =>
        observation.AccessRequest is { IsBeingDeleted: false } access && AccessRequests.IsOurs(access, observation.Identity.Api, ocm.Key)
            ? access
            : null;

    // All that will be asked for, so that one connection serves for all questions.
    private static ControlPlaneView Needs(Observation observation) =>
        ControlPlaneView.Repositories | (Placements.MayExist(observation) ? ControlPlaneView.OwnObjects : ControlPlaneView.None);

    private static ReconcilePlan? Protect(Observation observation, KubeObject ocm)
    {
        if (Access(observation, ocm) is not { } access)
        {
            return null;
        }

        if (AccessGrant.SecretName(access) is null)
        {
            return ReconcilePlan.Report(Verdict.Waiting(
                Reasons.AccessRequestPending,
                $"Waiting for the platform to grant AccessRequest {access.Key} again, to see whether Repository objects exist on "
                    + $"control plane \"{ocm.Name}\". Deletion also goes on when its ClusterRequest is gone."));
        }

        var repositories = observation.Repositories;
        if (repositories.Problem is { } problem)
        {
            return new ReconcilePlan([], Verdict.Fault(
                Reasons.ControlPlaneUnreachable,
                $"Control plane \"{ocm.Name}\" cannot be asked whether Repository objects exist there: {problem.TrimEnd('.')}. "
                    + "Deletion goes on when it answers, or when its ClusterRequest is gone."),
                Needs(observation));
        }

        if (!repositories.IsKnown)
        {
            return new ReconcilePlan([], Verdict.Waiting(
                Reasons.ControlPlanePending, $"Looking for Repository objects on control plane \"{ocm.Name}\"."), Needs(observation));
        }

        if (repositories.Names.Count == 0)
        {
            return null;
        }

        var names = string.Join(", ", repositories.Names.Order(StringComparer.Ordinal).Take(NamesShown));
        var more = repositories.Names.Count > NamesShown ? ", …" : "";
        return new ReconcilePlan([], Verdict.Fault(
            Reasons.RepositoriesExist,
            $"{repositories.Names.Count} Repository object(s) ({Kinds.Repository.Group}) still exist on control plane \"{ocm.Name}\": "
                + $"{names}{more}. Delete them first."),
            Needs(observation));
    }

    private static ReconcilePlan? RemoveSource(Observation observation)
    {
        if (observation.OciRepository is not { } source)
        {
            return null;
        }

        return new ReconcilePlan(
            source.IsBeingDeleted ? [] : [new DeleteStep(TargetCluster.Platform, Kinds.OciRepository, source)],
            Verdict.Waiting(Reasons.OciRepositoryDeleting, $"Waiting for Flux to let go of OCIRepository {source.Key}."));
    }

    // Where nobody can be asked any more, our objects stay, or go with the control plane.
    private static ReconcilePlan? ClearControlPlane(Observation observation, KubeObject ocm)
    {
        if (observation.ClusterRequest is null
            || !Placements.MayExist(observation)
            || Access(observation, ocm) is not { } access
            || AccessGrant.SecretName(access) is null)
        {
            return null;
        }

        if (observation.ControlPlane.Problem is { } problem)
        {
            return new ReconcilePlan([], Verdict.Fault(
                Reasons.ControlPlaneUnreachable,
                $"Image pull secrets and CA bundle cannot be removed from control plane \"{ocm.Name}\": {problem.TrimEnd('.')}. "
                    + "Deletion goes on when it answers, or when its ClusterRequest is gone."),
                Needs(observation));
        }

        List<PlanStep> steps = [.. Placements.Prune(observation, wanted: []).Where(step => step.Cluster == TargetCluster.ControlPlane)];
        return observation.ControlPlane.IsKnown && steps.Count == 0 ? null : new ReconcilePlan(
            steps,
            Verdict.Waiting(
                Reasons.ControlPlanePending, $"Removing image pull secrets and CA bundle from control plane \"{ocm.Name}\"."),
            Needs(observation));
    }

    private static ReconcilePlan? WithdrawAccess(Observation observation, KubeObject ocm)
    {
        List<PlanStep> steps =
        [
            .. observation.SecretCopies.Where(copy => !copy.IsBeingDeleted)
                .Select(copy => new DeleteStep(TargetCluster.Platform, Kinds.Secret, copy)),
        ];
        var access = observation.AccessRequest;
        if (access is not null && AccessRequests.IsOurs(access, observation.Identity.Api, ocm.Key))
        {
            steps.AddRange(access.IsBeingDeleted
                ? AccessRequests.Release(access)
                : [new DeleteStep(TargetCluster.Platform, Kinds.AccessRequest, access)]);
            return new ReconcilePlan(steps, Verdict.Waiting(
                Reasons.AccessRequestDeleting,
                $"Waiting for the platform to withdraw the access to control plane \"{ocm.Name}\" (AccessRequest {access.Key})."),
                ControlPlaneView.None);
        }

        return observation.SecretCopies.Count == 0 ? null : new ReconcilePlan(steps, Verdict.Waiting(
            Reasons.AccessRequestDeleting, "Waiting for the copies of image pull secret and CA bundle to go."), ControlPlaneView.None);
    }

    // A suspended HelmRelease is deleted without uninstalling, which could not succeed without a control plane.
    private static JsonElement Suspend() => new JsonObject { ["spec"] = new JsonObject { ["suspend"] = true } }.ToElement();
}
