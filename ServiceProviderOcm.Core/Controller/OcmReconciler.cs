using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Apply;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Telemetry;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Observe;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Core.Watch;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>
/// Takes one OCM through observe, plan, apply and report. Steps on the control plane are handed over to <see cref="ControlPlaneTurns"/>,
/// which enqueue the OCM again when these are done.
/// </summary>
internal sealed partial class OcmReconciler(
    Observer observer,
    TenantRevisions revisions,
    PlanExecutor executor,
    Reporter reporter,
    ControlPlanes controlPlanes,
    ControlPlaneTurns turns,
    Tenants tenants,
    RateLimits<ObjectKey> operations,
    FleetReapply reapply,
    Action onProgress,
    Waits waits,
    TimeSpan waitTimeout,
    LimitMetrics limits,
    ILogger<OcmReconciler> logger)
{
    // After a plan was applied, the next one is made at once, up to this many times in a row.
    private const int MaxRounds = 5;

    /// <summary>Reconciles one OCM.</summary>
    /// <param name="key">The OCM.</param>
    /// <param name="reasons">Why.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, ReconcileReasons reasons, CancellationToken cancellationToken)
    {
        if (observer.FindUnreadable(key) is { } unreadable)
        {
            // What is known of it may be out of date. What is installed stays.
            if (!observer.IsPaused)
            {
                Reapplied(key, isApplied: true);
                revisions.Skip(key);
                try
                {
                    return new ReconcileResult.Succeeded(Debounced(await reporter.ReportUnreadableAsync(unreadable, cancellationToken)));
                }
                catch (KubernetesApiException exception)
                {
                    return new ReconcileResult.Failed(exception.During("write the status"), []);
                }
            }

            return new ReconcileResult.Succeeded([]);
        }

        var applied = await PlanAndApplyAsync(key, reasons, cancellationToken);
        if (applied.Observation.Ocm is not { } ocm)
        {
            controlPlanes.Stop(key);
            turns.Drop(key);
            reporter.Drop(key);
            Reapplied(key, isApplied: true);
            waits.Drop(key);
            revisions.Drop(key);
            return new ReconcileResult.Succeeded([]);
        }

        revisions.Report(key, applied.Observation, applied.Status, applied.Position);
        var interval = new Requeue(applied.Observation.Config.PollInterval, ReconcileReasons.Interval);
        try
        {
            var report = StatusReport.Of(applied.Observation, applied.Status);
            var reported = await reporter.ReportAsync(key, report, applied.IsPassing, cancellationToken);
            if (reported.IsWritten)
            {
                // The watch does not report it, because the store has it already.
                onProgress();
                LogReported(applied.Status.Phase, applied.Status.Reason, applied.Status.Message);
                if (applied.Observation.ExceededLimit is { } exceeded && ocm.ReadyCondition.Text("reason") != Reasons.LimitExceeded)
                {
                    limits.Exceeded(exceeded.Name);
                }
            }

            IReadOnlyList<Requeue> requeues =
            [
                .. Debounced(reported),
                .. applied.OperationDelay > TimeSpan.Zero
                    ? [new Requeue(applied.OperationDelay, ReconcileReasons.OperationDue)]
                    : Array.Empty<Requeue>(),
                .. WaitLimits.Remaining(applied.Observation, applied.Status.AwaitedState) is { } remaining
                    ? [new Requeue(remaining, ReconcileReasons.WaitOverdue)]
                    : Array.Empty<Requeue>(),
            ];
            return applied.Error is { } error
                ? new ReconcileResult.Failed(error, requeues)
                : new ReconcileResult.Succeeded([.. requeues, interval]);
        }
        catch (KubernetesApiException exception)
        {
            return new ReconcileResult.Failed(exception.During("write the status"), []);
        }
    }

    private static IReadOnlyList<Requeue> Debounced(ReportResult reported) =>
        reported.RequeueAfter > TimeSpan.Zero ? [new Requeue(reported.RequeueAfter, ReconcileReasons.Debounce)] : [];

    private async Task<Applied> PlanAndApplyAsync(ObjectKey key, ReconcileReasons reasons, CancellationToken cancellationToken)
    {
        var operationDelay = TimeSpan.Zero;
        for (var round = 1; ; round++)
        {
            // Before the stores: they have the results of the steps that have ended.
            var begun = turns.Begun(key);
            var isBusy = turns.IsBusy(key);
            var observation = observer.Observe(key) with
            {
                ExceededLimit = tenants.Exceeded(key),
                IsControlPlaneBusy = isBusy,
                IsReapplyRequested = reapply.IsDue(key),
                Wait = waits.Of(key),
                WaitTimeout = waitTimeout,
            };
            if (round == 1 && observation.Ocm is { } ocm && Operation.IsReconcile(ocm))
            {
                operationDelay = operations.TryTake(key);
            }

            observation = revisions.Resolve(observation with { IsOperationDelayed = operationDelay > TimeSpan.Zero }, out var position);
            var plan = Planner.Plan(observation);
            Watch(key, plan.ControlPlaneScope, observation);
            var isBeingDeleted = observation.Ocm?.IsBeingDeleted is true;
            var pass = await ApplyAsync(observation, key, plan, begun, reasons, cancellationToken);
            waits.Record(key, pass.Status.AwaitedState, plan.HoldsRelease, observation.Now);
            if (observation.IsReapplyRequested && plan.Status.State is not (OcmState.Starting or OcmState.Paused))
            {
                Reapplied(key, pass.Outcome != ApplyOutcome.Stopped);
            }

            if (pass.Outcome != ApplyOutcome.Changed || round == MaxRounds)
            {
                var last = pass.Outcome != ApplyOutcome.Changed || isBeingDeleted || pass.LastStep is null
                    ? pass.Status
                    : ClusterErrors.OfContest(pass.LastStep);
                return new Applied(
                    observation,
                    position,
                    last with { IsBeingDeleted = isBeingDeleted },
                    pass.Error,
                    IsPassing: pass.Error is not null || pass.Progress is ControlPlaneProgress.Failed,
                    operationDelay);
            }
        }
    }

    private async Task<Pass> ApplyAsync(
        Observation observation,
        ObjectKey key,
        ReconcilePlan plan,
        int begun,
        ReconcileReasons reasons,
        CancellationToken cancellationToken)
    {
        var outcome = ApplyOutcome.Unchanged;
        var isHandedOver = plan.Steps.All(step => step.Cluster != TargetCluster.ControlPlane);
        var progress = isHandedOver ? HandOver(observation, key, plan, reasons) : ControlPlaneProgress.Done;
        var isHeldBack = false;
        PlanStep? last = null;
        foreach (var step in plan.Steps)
        {
            if (step.Cluster == TargetCluster.ControlPlane)
            {
                // Steps before it succeeded: among them, the record that there are objects on the control plane.
                progress = isHandedOver ? progress : HandOver(observation, key, plan, reasons);
                isHandedOver = true;
                continue;
            }

            if (ControlPlaneStatus.HoldsBack(progress, step, observation))
            {
                isHeldBack = true;
                continue;
            }

            if (ControlPlaneObjects.AreLostBy(step, observation) && !turns.IsIdleSince(key, begun))
            {
                // What was observed does not have the result of a step that was begun meanwhile. Its end enqueues the OCM again.
                continue;
            }

            try
            {
                var hasChanged = await executor.ExecuteAsync(key, step, cancellationToken);
                outcome = hasChanged ? ApplyOutcome.Changed : outcome;
                last = step;
                LogStep(step.Description);
            }
            catch (KubernetesApiException exception) when (step is PatchStep && exception.IsNotFound)
            {
                return new Pass(ApplyOutcome.Stopped, ReadyStatus.Unreported(OcmState.Superseded), progress, step);
            }
            catch (KubernetesApiException exception)
            {
                var error = exception.WithMessage(observation.Secrets.Redact(exception.Message));
                return new Pass(
                    ApplyOutcome.Stopped, ClusterErrors.OfStep(step, error), progress, step, error.During(step.Description));
            }
        }

        return new Pass(outcome, ControlPlaneStatus.Of(observation, plan.Status, progress, isHeldBack), progress, last);
    }

    private ControlPlaneProgress HandOver(Observation observation, ObjectKey key, ReconcilePlan plan, ReconcileReasons reasons)
    {
        var isInstalled = observation.Ocm is { IsBeingDeleted: false };
        return turns.Submit(
            key,
            [.. plan.Steps.Where(step => step.Cluster == TargetCluster.ControlPlane)],
            new ControlPlaneSubmission(
                IsForced: isInstalled && Planner.IsForced(observation),
                KeepsForced: isInstalled,
                Priorities.IsNewsForControlPlane(reasons),
                Priorities.Of(reasons)));
    }

    private void Reapplied(ObjectKey key, bool isApplied)
    {
        if (reapply.Attempted(key, isApplied))
        {
            onProgress();
        }
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

    private sealed record Applied(
        Observation Observation,
        RolloutPosition? Position,
        ReadyStatus Status,
        KubernetesApiException? Error,
        bool IsPassing,
        TimeSpan OperationDelay);

    private readonly record struct Pass(
        ApplyOutcome Outcome,
        ReadyStatus Status,
        ControlPlaneProgress Progress,
        PlanStep? LastStep,
        KubernetesApiException? Error = null);
}
