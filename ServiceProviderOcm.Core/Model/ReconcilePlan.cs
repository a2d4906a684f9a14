namespace ServiceProviderOcm.Core.Model;

/// <summary>What to do about one OCM, and what to say of it.</summary>
/// <param name="Steps">The writes, in order; empty when all is as it should be.</param>
/// <param name="Verdict">How the OCM stands; null to leave its status as it is.</param>
/// <param name="Needs">What of the control plane the next decision rests on; null to go on watching what is watched.</param>
public sealed record ReconcilePlan(IReadOnlyList<PlanStep> Steps, Verdict? Verdict = null, ControlPlaneView? Needs = null)
{
    /// <summary>Nothing to do and nothing to say.</summary>
    public static readonly ReconcilePlan Nothing = new([]);

    /// <summary>Nothing to do but to say how it stands.</summary>
    public static ReconcilePlan Report(Verdict verdict) => new([], verdict);
}
