using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.States;

namespace ServiceProviderOcm.Core.Plan;

/// <summary>
/// Derives the state of the OCM from an observation, and a plan from both. A pure function: no I/O, no clock, no randomness,
/// no log.
/// </summary>
public static class Planner
{
    /// <summary>Whether the plan applies everything once, also what has not drifted.</summary>
    public static bool IsForced(Observation observation) => observation.IsReapplyRequested || IsRequested(observation);

    /// <summary>Makes the plan of an OCM.</summary>
    public static ReconcilePlan Plan(Observation observation)
    {
        if (observation.Ocm is not { } ocm)
        {
            return ReconcilePlan.Report(ReadyStatus.Unreported(OcmState.Gone));
        }

        if (observation.Config.IsPaused)
        {
            return ReconcilePlan.Report(ReadyStatus.Unreported(OcmState.Paused));
        }

        if (Operation.IsIgnore(ocm))
        {
            return ReconcilePlan.Report(ReadyStatus.Unreported(OcmState.Ignored));
        }

        var isRequested = IsRequested(observation);
        var removeAnnotation = new PatchStep(
            TargetCluster.Onboarding,
            observation.Identity.Api.Ocm,
            ocm,
            MetadataPatches.RemoveOperation(ocm));
        if (ocm.IsBeingDeleted)
        {
            return isRequested
                ? new ReconcilePlan(
                    ReadyStatus.Unreported(OcmState.ReconcileRequested) with { IsBeingDeleted = true }, [removeAnnotation], ControlPlaneScope.Unchanged)
                : Bounded(observation, DeletionPlanner.Plan(observation, ocm, DeletionState.Of(observation, ocm)));
        }

        var plan = Bounded(observation, InstallPlanner.Plan(observation, ocm, InstallState.Of(observation, ocm), IsForced(observation)));

        if (!isRequested || plan.Status.State == OcmState.Starting)
        {
            return plan;
        }

        // A step that adds the finalizer changes the version before.
        var isOutdated = plan.Steps.Any(step => step.Kind == removeAnnotation.Kind);
        var removeLast = isOutdated ? removeAnnotation with { Patch = MetadataPatches.RemoveAnnotation(Operation.Annotation) } : removeAnnotation;
        return plan with { Steps = [.. plan.Steps, removeLast] };
    }

    /// <summary>Makes the plan that deletes the managed objects of an OCM that does not exist. Its last state is Gone.</summary>
    /// <param name="observation">Without OCM; of the rest, only managed objects.</param>
    /// <param name="controlPlane">The name of the control plane, for messages.</param>
    public static ReconcilePlan PlanOrphan(Observation observation, string controlPlane)
    {
        var state = DeletionState.OfOrphan(observation, controlPlane);
        return state.Status.State == OcmState.Gone
            ? ReconcilePlan.Report(state.Status)
            : DeletionPlanner.Plan(observation, ocm: null, state);
    }

    private static bool IsRequested(Observation observation) =>
        observation.Ocm is { } ocm && Operation.IsReconcile(ocm) && !observation.IsOperationDelayed;

    // The plan is that of the wait: it goes on.
    private static ReconcilePlan Bounded(Observation observation, ReconcilePlan plan) =>
        plan with { Status = WaitLimits.Bounded(observation, plan.Status) };
}
