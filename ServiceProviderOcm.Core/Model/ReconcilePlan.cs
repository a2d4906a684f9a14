using ServiceProviderOcm.Core.Model.States;

namespace ServiceProviderOcm.Core.Model;

/// <summary>What to do about one OCM, and what to report of it.</summary>
/// <param name="Status">The state of the OCM.</param>
/// <param name="Steps">The writes, in order; empty without drift.</param>
/// <param name="ControlPlaneScope">What of the control plane the next decision is made on.</param>
public sealed record ReconcilePlan(ReadyStatus Status, IReadOnlyList<PlanStep> Steps, ControlPlaneScope ControlPlaneScope)
{
    /// <summary>Whether the HelmRelease has drifted and is written only when Flux has acted on the change of the OCIRepository.</summary>
    public bool HoldsRelease { get; init; }

    /// <summary>A plan that writes nothing and watches what is watched already.</summary>
    public static ReconcilePlan Report(ReadyStatus status) => new(status, [], ControlPlaneScope.Unchanged);
}
