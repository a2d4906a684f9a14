using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Core.Plan;

/// <summary>
/// The product's decisions: what to do about one OCM, from what has been observed. A pure function: no I/O, no clock, no
/// randomness, no log.
/// </summary>
public static class Planner
{
    /// <summary>Decides.</summary>
    public static ReconcilePlan Plan(Observation observation)
    {
        if (observation.Ocm is not { } ocm || Operation.IsIgnore(ocm))
        {
            return ReconcilePlan.Nothing;
        }

        var isForced = Operation.IsReconcile(ocm);
        var removeAnnotation = new PatchStep(
            TargetCluster.Onboarding,
            observation.Identity.Api.Ocm,
            ocm.Key,
            MetadataPatches.RemoveAnnotation(Operation.Annotation));
        if (ocm.IsBeingDeleted)
        {
            return isForced ? new ReconcilePlan([removeAnnotation]) : Terminating(DeletionPlanner.Plan(observation, ocm));
        }

        var plan = InstallPlanner.Plan(observation, ocm, isForced);
        return isForced && plan != ReconcilePlan.Nothing ? plan with { Steps = [.. plan.Steps, removeAnnotation] } : plan;
    }

    private static ReconcilePlan Terminating(ReconcilePlan plan) =>
        plan.Verdict is null ? plan : plan with { Verdict = plan.Verdict with { Phase = Phase.Terminating } };
}
