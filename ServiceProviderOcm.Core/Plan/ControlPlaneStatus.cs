using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.States;

namespace ServiceProviderOcm.Core.Plan;

/// <summary>
/// What the steps on a control plane, which are applied apart from the others, mean for the rest of their plan. Pure functions.
/// </summary>
public static class ControlPlaneStatus
{
    /// <summary>
    /// Whether a step of the plan, after steps on the control plane, waits for these: the HelmRelease, because the toolkit's pods need
    /// them. A failure there is no reason to wait: Flux may succeed all the same.
    /// </summary>
    public static bool HoldsBack(ControlPlaneProgress progress, PlanStep step, Observation observation) =>
        progress == ControlPlaneProgress.Pending
            && step.Kind == PlatformKinds.HelmRelease
            && (observation.HelmRelease is null || !Planner.IsForced(observation))
            && (step is not ApplyStep apply
                || EnsureApplied.IsChangeOfSpec(PlatformKinds.HelmRelease, apply.Manifest, observation.HelmRelease, observation));

    /// <summary>The state of an OCM, given its state without regard to the steps on the control plane.</summary>
    /// <param name="observation">The observation of the plan.</param>
    /// <param name="status">The state of the plan.</param>
    /// <param name="progress">How far the steps are.</param>
    /// <param name="isHeldBack">Whether a step of the plan waits for them.</param>
    public static ReadyStatus Of(
        Observation observation, ReadyStatus status, ControlPlaneProgress progress, bool isHeldBack) => WaitLimits.Bounded(
        observation,
        progress switch
        {
            ControlPlaneProgress.Failed { Step: DeleteStep { IsOfUnlabelledCopy: true } }
                or ControlPlaneProgress.Contested { Step: DeleteStep { IsOfUnlabelledCopy: true } } => status,
            ControlPlaneProgress.Failed failed => ClusterErrors.OfStep(failed.Step, failed.Error),
            ControlPlaneProgress.Contested contested => ClusterErrors.OfContest(contested.Step),
            _ when isHeldBack && observation.HelmRelease is null && status.State is not (OcmState.PullFailed or OcmState.VerificationFailed) => new ReadyStatus(
                OcmState.AwaitingControlPlane,
                $"Waiting for image pull secrets and the CA bundle to be applied on control plane \"{observation.Ocm!.Name}\"."),
            _ when isHeldBack && status.State == OcmState.Ready => new ReadyStatus(
                OcmState.Upgrading,
                $"Waiting for image pull secrets and the CA bundle to be applied on control plane \"{observation.Ocm!.Name}\". "
                    + $"HelmRelease {observation.HelmRelease!.Key} is updated after that."),
            _ when progress == ControlPlaneProgress.Pending && status.State == OcmState.Ready && !IsReady(observation) =>
                ReadyStatus.Unreported(OcmState.Reconnecting),
            _ => status,
        });

    private static bool IsReady(Observation observation) => observation.Ocm?.ReadyCondition.Text("status") == "True";
}
