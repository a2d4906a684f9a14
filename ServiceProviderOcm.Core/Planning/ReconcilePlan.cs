using ServiceProviderOcm.Core.Report;

namespace ServiceProviderOcm.Core.Planning;

/// <summary>What to do about one OCM, and what to say of it.</summary>
/// <param name="Steps">The writes, in order; empty when all is as it should be.</param>
/// <param name="Verdict">How the OCM stands; null to leave its status as it is.</param>
/// <param name="NeedsRepositories">Whether the next decision rests on the Repository objects of the control plane.</param>
public sealed record ReconcilePlan(IReadOnlyList<PlanStep> Steps, Verdict? Verdict = null, bool NeedsRepositories = false)
{
    /// <summary>Nothing to do and nothing to say.</summary>
    public static readonly ReconcilePlan Nothing = new([]);

    /// <summary>Nothing to do but to say how it stands.</summary>
    public static ReconcilePlan Report(Verdict verdict) => new([], verdict);
}
