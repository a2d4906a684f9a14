using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Apply;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Observe;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Core.Report;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>Takes one OCM through observe, plan, apply and report.</summary>
public sealed partial class OcmReconciler(
    Observer observer, PlanExecutor executor, Reporter reporter, ControlPlanes controlPlanes, ILogger<OcmReconciler> logger)
{
    // What a plan has written is observed and planned upon again at once; this many times in a row.
    private const int MaxRounds = 5;

    /// <summary>Makes what one OCM stands for so.</summary>
    /// <param name="key">The OCM.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        KubernetesApiException? failure = null;
        var observation = observer.Observe(key);
        var verdict = await DecideAndApplyAsync();
        if (observation.Ocm is null)
        {
            controlPlanes.Release(key);
            reporter.Forget(key);
            return new ReconcileResult(failure, null, null);
        }

        var pollInterval = PollInterval.Of(observation.ProviderConfig);
        try
        {
            var report = verdict is null ? null : StatusReport.Of(observation, verdict);
            var comeBack = await reporter.ReportAsync(key, report, isPassing: failure is not null, cancellationToken);
            if (report is not null && comeBack is null)
            {
                LogReported(verdict!.Phase, verdict.Reason, verdict.Message);
            }

            return new ReconcileResult(failure, comeBack, pollInterval);
        }
        catch (KubernetesApiException exception)
        {
            return new ReconcileResult(exception.During("write the status"), null, pollInterval);
        }

        async Task<Verdict?> DecideAndApplyAsync()
        {
            for (var round = 1; ; round++)
            {
                var plan = Planner.Plan(observation);
                Look(key, plan, observation);
                var hasChanged = false;
                Verdict? refusal = null;
                foreach (var step in plan.Steps.Where(step => refusal is null || step.Cluster != TargetCluster.ControlPlane))
                {
                    try
                    {
                        hasChanged |= await executor.ExecuteAsync(key, step, cancellationToken);
                        LogStep(step.Description);
                    }
                    catch (KubernetesApiException exception) when (step is PatchStep && exception.IsNotFound)
                    {
                        // What the plan rests on is gone; its watch brings the OCM back.
                        return null;
                    }
                    catch (KubernetesApiException exception)
                    {
                        failure = exception.During(step.Description);
                        refusal = Failures.OfStep(step, exception);
                        if (step.Cluster != TargetCluster.ControlPlane)
                        {
                            break;
                        }
                    }
                }

                if (refusal is not null)
                {
                    return observation.Ocm!.IsBeingDeleted ? refusal with { Phase = Phase.Terminating } : refusal;
                }

                if (!hasChanged)
                {
                    return plan.Verdict;
                }

                if (round == MaxRounds)
                {
                    return observation.Ocm!.IsBeingDeleted ? plan.Verdict : Failures.OfContest(plan.Steps[^1]);
                }

                observation = observer.Observe(key);
            }
        }
    }

    private void Look(ObjectKey key, ReconcilePlan plan, Observation observation)
    {
        if (plan.Needs is not { } view)
        {
            return;
        }

        if (view != ControlPlaneView.None && AccessGrant.SecretName(observation.AccessRequest!) is { } secret)
        {
            controlPlanes.Follow(key, new ObjectKey(observation.TenantNamespaceName, secret), view);
        }
        else
        {
            controlPlanes.Release(key);
        }
    }

    [LoggerMessage(LogLevel.Debug, "Done: {Step}")]
    private partial void LogStep(string step);

    [LoggerMessage(LogLevel.Information, "OCM is {Phase} ({Reason}): {Message}")]
    private partial void LogReported(Phase phase, string reason, string message);
}
