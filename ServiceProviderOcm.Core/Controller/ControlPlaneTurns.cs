using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Apply;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Telemetry;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>
/// Applies the steps on control planes, in a pool of its own: a control plane that is slow delays no work on the platform. Each has at
/// most one call in flight, and yields to others after <see cref="ControlPlaneTurnOptions"/>. A namespace has a share of the workers.
/// </summary>
internal sealed partial class ControlPlaneTurns : IDisposable
{
    private readonly PlanExecutor _executor;
    private readonly ControlPlaneTurnOptions _options;
    private readonly TimeProvider _time;
    private readonly Action<ObjectKey> _onEnded;
    private readonly ILogger _logger;
    private readonly RateLimitingQueue<QueuePriority> _queue;
    private readonly ConcurrentDictionary<ObjectKey, Entry> _entries = new();

    /// <summary>Turns that are not taken until <see cref="RunAsync"/>.</summary>
    /// <param name="executor">Applies a step.</param>
    /// <param name="options">Options of turns.</param>
    /// <param name="backoff">The back-off after failures.</param>
    /// <param name="time">Clock.</param>
    /// <param name="random">Jitter.</param>
    /// <param name="metrics">Metrics of the queue.</param>
    /// <param name="onEnded">Called when all steps of an OCM are done, or one has failed.</param>
    /// <param name="logger">Log.</param>
    public ControlPlaneTurns(
        PlanExecutor executor,
        ControlPlaneTurnOptions options,
        WorkQueueOptions backoff,
        TimeProvider time,
        Random random,
        WorkQueueMetrics metrics,
        Action<ObjectKey> onEnded,
        ILogger logger)
    {
        _executor = executor;
        _options = options;
        _time = time;
        _onEnded = onEnded;
        _logger = logger;
        _queue = new RateLimitingQueue<QueuePriority>(
            (one, other) => one > other ? one : other,
            backoff with { MaxRunningPerNamespace = options.WorkersPerNamespace },
            time,
            random,
            metrics,
            priority => priority);
    }

    /// <summary>What the queue holds.</summary>
    public QueueEntries Entries => _queue.Entries;

    /// <summary>The number of OCMs that something is known of.</summary>
    public int Count => _entries.Count;

    /// <summary>Whether a step on the control plane of an OCM is being applied.</summary>
    public bool IsBusy(ObjectKey ocm) => _entries.TryGetValue(ocm, out var entry) && entry.Work.IsBusy;

    /// <summary>The number of steps that have been begun on the control plane of an OCM.</summary>
    public int Begun(ObjectKey ocm) => _entries.TryGetValue(ocm, out var entry) ? entry.Work.Begun : 0;

    /// <summary>Whether no step on the control plane of an OCM has been begun since there were this many, and none is to be.</summary>
    public bool IsIdleSince(ObjectKey ocm, int begun) => !_entries.TryGetValue(ocm, out var entry) || entry.Work.IsIdleSince(begun);

    /// <summary>Replaces the steps of an OCM by those of its latest plan, and returns how far they are.</summary>
    public ControlPlaneProgress Submit(ObjectKey ocm, IReadOnlyList<PlanStep> steps, ControlPlaneSubmission submission)
    {
        if (steps.Count == 0 && !_entries.ContainsKey(ocm))
        {
            return ControlPlaneProgress.Done;
        }

        var entry = _entries.GetOrAdd(ocm, _ => new Entry(new ControlPlaneWork(), new ControlPlanePace(_options, _time)));
        var progress = entry.Work.Submit(steps, submission);
        if (!entry.Work.HasPending)
        {
            _queue.Forget(ocm);
        }
        else if (progress is not ControlPlaneProgress.Failed || submission.IsNews)
        {
            entry.Span = Activity.Current?.Id;
            Add(ocm, entry, submission.Priority);
        }

        return progress;
    }

    /// <summary>Drops all that is known of an OCM.</summary>
    public void Drop(ObjectKey ocm)
    {
        if (_entries.TryRemove(ocm, out _))
        {
            _queue.Forget(ocm);
            _queue.DropDelay(ocm);
        }
    }

    /// <summary>Takes turns until <see cref="ShutDown"/>.</summary>
    /// <param name="cancellationToken">Cancels the calls.</param>
    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, _options.Workers).Select(_ => WorkAsync(cancellationToken)));

    /// <summary>Begins no more turns than those that wait already.</summary>
    public void ShutDown() => _queue.ShutDown();

    /// <inheritdoc/>
    public void Dispose() => _queue.Dispose();

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var (ocm, _) in _queue.TakeAllAsync(cancellationToken))
            {
                try
                {
                    if (_entries.TryGetValue(ocm, out var entry))
                    {
                        await TakeTurnAsync(ocm, entry, cancellationToken);
                    }
                }
                finally
                {
                    _queue.Done(ocm);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The drain timeout is over.
        }
    }

    private async Task TakeTurnAsync(ObjectKey ocm, Entry entry, CancellationToken cancellationToken)
    {
        using var scope = _logger.BeginScope(new ObjectScope(ocm));
        using var activity = ReconcileActivity.StartTurn(ocm, entry.Span);
        var started = _time.GetTimestamp();
        var longest = TimeSpan.Zero;
        var steps = 0;
        var outcome = StepOutcome.Succeeded;
        while (outcome == StepOutcome.Succeeded
            && steps < _options.MaxSteps
            && _time.GetElapsedTime(started) < _options.MaxDuration
            && entry.Work.Begin() is { } step)
        {
            var begun = _time.GetTimestamp();
            outcome = await ApplyAsync(ocm, entry.Work, step, cancellationToken);
            var took = _time.GetElapsedTime(begun);
            longest = took > longest ? took : longest;
            steps++;
        }

        if (!_entries.ContainsKey(ocm) || (steps == 0 && !entry.IsContinued))
        {
            return;
        }

        entry.IsContinued = false;
        if (steps == 0)
        {
            // A plan that was made meanwhile has dropped the rest.
            _onEnded(ocm);
            return;
        }

        activity.Failed(outcome.Error?.Message);
        entry.Pace.Ended(_time.GetElapsedTime(started), longest);
        if (outcome.Error is { } error)
        {
            var pause = entry.Pace.Pause;
            _queue.AddRateLimited(ocm, QueuePriority.Low, error.RetryAfter > pause ? error.RetryAfter.Value : pause);
            _onEnded(ocm);
        }
        else if (entry.Work.HasPending)
        {
            entry.IsContinued = true;
            Add(ocm, entry, QueuePriority.Low);
        }
        else
        {
            _queue.Forget(ocm);
            _onEnded(ocm);
        }
    }

    private async Task<StepOutcome> ApplyAsync(ObjectKey ocm, ControlPlaneWork work, PlanStep step, CancellationToken cancellationToken)
    {
        try
        {
            await _executor.ExecuteAsync(ocm, step, cancellationToken);
            LogStep(step.Description);
            work.Succeeded(step);
            return StepOutcome.Succeeded;
        }
        catch (KubernetesApiException exception) when (step is PatchStep && exception.IsNotFound)
        {
            // Its deletion enqueues the OCM.
            work.Succeeded(step);
            return StepOutcome.Succeeded;
        }
        catch (KubernetesApiException exception)
        {
            LogFailed(exception.During(step.Description).Message);
            work.Failed(step, exception);
            return new StepOutcome(exception);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogBug(exception);

            // Without the exception, which may quote the control plane.
            var interrupted = new KubernetesApiException(0, "Interrupted", "unexpected error");
            work.Failed(step, interrupted);
            return new StepOutcome(interrupted);
        }
    }

    private void Add(ObjectKey ocm, Entry entry, QueuePriority priority) =>
        _queue.AddAfter(ocm, entry.Pace.Pause, entry.Pace.IsSlow ? QueuePriority.Low : priority);

    [LoggerMessage(LogLevel.Debug, "Applied: {Step}")]
    private partial void LogStep(string step);

    [LoggerMessage(LogLevel.Warning, "A step on the control plane failed and is retried: {Message}")]
    private partial void LogFailed(string message);

    [LoggerMessage(LogLevel.Error, "Unexpected error during a step on the control plane, which is retried")]
    private partial void LogBug(Exception exception);

    private readonly record struct StepOutcome(KubernetesApiException? Error)
    {
        public static StepOutcome Succeeded => default;
    }

    private sealed class Entry(ControlPlaneWork work, ControlPlanePace pace)
    {
        private volatile string? _span;

        public ControlPlaneWork Work => work;

        public ControlPlanePace Pace => pace;

        /// <summary>Whether the last turn has ended before its steps; only for turns.</summary>
        public bool IsContinued { get; set; }

        /// <summary>The span of the reconciliation whose steps are pending; null without traces.</summary>
        public string? Span
        {
            get => _span;
            set => _span = value;
        }
    }
}
