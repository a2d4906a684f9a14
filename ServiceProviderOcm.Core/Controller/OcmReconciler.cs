using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Apply;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Observe;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Core.Watch;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>Takes one OCM through observe, plan, apply and report.</summary>
public sealed partial class OcmReconciler(
    Observer observer, PlanExecutor executor, Reporter reporter, ControlPlanes controlPlanes, ILogger<OcmReconciler> logger)
{
    // After a plan was applied, the next one is made at once, up to this many times in a row.
    private const int MaxRounds = 5;

    /// <summary>Reconciles one OCM.</summary>
    /// <param name="key">The OCM.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (observer.FindUnreadable(key) is { } unreadable)
        {
            // What is known of it may be out of date, and no condition can be written on it. What is installed stays.
            await reporter.ReportUnreadableAsync(unreadable, cancellationToken);
            return new ReconcileResult.Succeeded([]);
        }

        var applied = await PlanAndApplyAsync(key, cancellationToken);
        if (applied.Observation.Ocm is null)
        {
            controlPlanes.Stop(key);
            reporter.Drop(key);
            return new ReconcileResult.Succeeded([]);
        }

        var interval = new Requeue(applied.Observation.Config.PollInterval, ReconcileReasons.Interval);
        try
        {
            var report = StatusReport.Of(applied.Observation, applied.Status);
            var reported = await reporter.ReportAsync(key, report, isPassing: applied.Errors.Count > 0, cancellationToken);
            if (reported.IsWritten)
            {
                LogReported(applied.Status.Phase, applied.Status.Reason, applied.Status.Message);
            }

            IReadOnlyList<Requeue> requeues = reported.RequeueAfter > TimeSpan.Zero
                ? [new Requeue(reported.RequeueAfter, ReconcileReasons.Debounce), interval]
                : [interval];
            return applied.Errors is [.., var error]
                ? new ReconcileResult.Failed(error, requeues)
                : new ReconcileResult.Succeeded(requeues);
        }
        catch (KubernetesApiException exception)
        {
            return new ReconcileResult.Failed(exception.During("write the status"), [interval]);
        }
    }

    private async Task<Applied> PlanAndApplyAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        List<KubernetesApiException> errors = [];
        for (var round = 1; ; round++)
        {
            var observation = observer.Observe(key);
            var plan = Planner.Plan(observation);
            Watch(key, plan.ControlPlaneScope, observation);
            var isBeingDeleted = observation.Ocm?.IsBeingDeleted is true;
            var (outcome, status) = await ApplyAsync(key, plan, errors, cancellationToken);
            if (outcome != ApplyOutcome.Changed || round == MaxRounds)
            {
                var last = outcome != ApplyOutcome.Changed || isBeingDeleted ? status : ClusterErrors.OfContest(plan.Steps[^1]);
                return new Applied(observation, last with { IsBeingDeleted = isBeingDeleted }, errors);
            }
        }
    }

    private async Task<(ApplyOutcome Outcome, ReadyStatus Status)> ApplyAsync(
        ObjectKey key, ReconcilePlan plan, List<KubernetesApiException> errors, CancellationToken cancellationToken)
    {
        var outcome = ApplyOutcome.Unchanged;
        var status = plan.Status;
        foreach (var step in plan.Steps)
        {
            if (outcome == ApplyOutcome.Stopped && step.Cluster == TargetCluster.ControlPlane)
            {
                continue;
            }

            try
            {
                var hasChanged = await executor.ExecuteAsync(key, step, cancellationToken);
                outcome = hasChanged && outcome == ApplyOutcome.Unchanged ? ApplyOutcome.Changed : outcome;
                LogStep(step.Description);
            }
            catch (KubernetesApiException exception) when (step is PatchStep && exception.IsNotFound)
            {
                return (ApplyOutcome.Stopped, ReadyStatus.Unreported(OcmState.Superseded));
            }
            catch (KubernetesApiException exception)
            {
                errors.Add(exception.During(step.Description));
                outcome = ApplyOutcome.Stopped;
                status = ClusterErrors.OfStep(step, exception);
                if (step.Cluster != TargetCluster.ControlPlane)
                {
                    break;
                }
            }
        }

        return (outcome, status);
    }

    private void Watch(ObjectKey key, ControlPlaneScope scope, Observation observation)
    {
        if (scope == ControlPlaneScope.Unchanged)
        {
            return;
        }

        if (scope != ControlPlaneScope.None && observation.AccessRequest is { } access && AccessGrant.IsUsable(access))
        {
            controlPlanes.Watch(key, new ObjectKey(observation.TenantNamespaceName, AccessGrant.SecretName(access)), scope);
        }
        else
        {
            controlPlanes.Stop(key);
        }
    }

    [LoggerMessage(LogLevel.Debug, "Applied: {Step}")]
    private partial void LogStep(string step);

    [LoggerMessage(LogLevel.Information, "OCM is {Phase} ({Reason}): {Message}")]
    private partial void LogReported(Phase phase, string reason, string message);

    private sealed record Applied(Observation Observation, ReadyStatus Status, IReadOnlyList<KubernetesApiException> Errors);
}
