using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Telemetry;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>Takes the keys of OCMs from the queue to the reconciler, and requeues them according to the result.</summary>
/// <param name="reconciler">Reconciles one OCM.</param>
/// <param name="queue">The keys.</param>
/// <param name="ocms">The OCMs.</param>
/// <param name="metrics">Counts reconciliations.</param>
/// <param name="time">Clock.</param>
/// <param name="random">Jitter.</param>
/// <param name="logger">Log.</param>
internal sealed partial class ReconcileWorkers(
    OcmReconciler reconciler,
    RateLimitingQueue<ReconcileReasons> queue,
    Informer ocms,
    ReconcileMetrics metrics,
    TimeProvider time,
    Random random,
    ILogger logger)
{
    /// <summary>Works until the queue is shut down and empty.</summary>
    /// <param name="count">The number of OCMs that are reconciled at the same time.</param>
    /// <param name="cancellationToken">Ends it before that.</param>
    public Task RunAsync(int count, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(_ => WorkAsync(cancellationToken)));

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var item in queue.TakeAllAsync(cancellationToken))
            {
                await ReconcileAsync(item.Key, item.Reasons, item.Waited, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The drain timeout is over.
        }
    }

    private async Task ReconcileAsync(ObjectKey key, ReconcileReasons reasons, TimeSpan waited, CancellationToken cancellationToken)
    {
        var reconcileId = Guid.CreateVersion7(time.GetUtcNow());
        var started = time.GetTimestamp();
        var outcome = ReconcileOutcome.Error;
        using var scope = logger.BeginScope(new ObjectScope(key, reconcileId, reasons));
        using var activity = ReconcileActivity.Start(key, reconcileId, reasons, time.GetUtcNow(), waited);
        metrics.Began(reasons);
        try
        {
            var result = await reconciler.ReconcileAsync(key, reasons, cancellationToken);
            outcome = Schedule(key, result);
            activity.Ended(outcome, (result as ReconcileResult.Failed)?.Error.Message);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogBug(exception);
            outcome = ReconcileOutcome.Bug;
            activity.Ended(outcome, $"unexpected {exception.GetType().Name}");
            queue.AddRateLimited(key, ReconcileReasons.Retry);
        }
        finally
        {
            LogReconciled(outcome, reasons);
            metrics.Ended(outcome, time.GetElapsedTime(started));
            queue.Done(key);
        }
    }

    private ReconcileOutcome Schedule(ObjectKey key, ReconcileResult result)
    {
        if (result is ReconcileResult.Failed { Error: var error })
        {
            var retryAfter = error.RetryAfter ?? TimeSpan.Zero;
            foreach (var requeue in result.Requeues)
            {
                queue.AddAfter(key, requeue.After > retryAfter ? requeue.After : retryAfter, requeue.Reason);
            }

            LogFailed(error.Message);
            queue.AddRateLimited(key, ReconcileReasons.Retry, retryAfter);
            return ReconcileOutcome.Error;
        }

        queue.Forget(key);
        foreach (var requeue in result.Requeues)
        {
            queue.AddAfter(key, requeue.Reason == ReconcileReasons.Interval ? Jittered(requeue.After) : requeue.After, requeue.Reason);
        }

        if (result.Requeues.Count > 0)
        {
            return ReconcileOutcome.RequeueAfter;
        }

        // The OCM was deleted or unreadable. If it still is, a delay is that of a change that is to be reported.
        if (ocms.FindUnreadable(key) is null)
        {
            queue.DropDelay(key);
            if (ocms.Store.Get(key) is not null)
            {
                queue.Add(key, ReconcileReasons.OcmChanged);
            }
        }

        return ReconcileOutcome.Success;
    }

    // Jitter makes the interval shorter, never longer, so that OCMs are not all reconciled at once.
    private TimeSpan Jittered(TimeSpan interval) => interval * (1 - (random.NextDouble() / 4));

    [LoggerMessage(LogLevel.Debug, "Reconciled: {Outcome} (reasons: {Reasons})")]
    private partial void LogReconciled(ReconcileOutcome outcome, ReconcileReasons reasons);

    [LoggerMessage(LogLevel.Warning, "Reconciliation failed and is retried: {Message}")]
    private partial void LogFailed(string message);

    [LoggerMessage(LogLevel.Error, "Unexpected error during reconciliation, which is retried")]
    private partial void LogBug(Exception exception);
}
