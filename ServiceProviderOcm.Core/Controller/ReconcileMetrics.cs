using System.Diagnostics.Metrics;
using ServiceProviderOcm.Core.Kubernetes.Telemetry;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Core.Controller;

/// <summary><c>controller_runtime_*</c>.</summary>
public sealed class ReconcileMetrics
{
    private static readonly KeyValuePair<string, object?> Controller = new("controller", ControllerMetrics.ControllerName);

    private readonly Counter<long> _total;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _terminalErrors;
    private readonly Counter<long> _panics;
    private readonly Counter<long> _reasons;
    private readonly Histogram<double> _time;
    private int _maxWorkers;
    private int _activeWorkers;

    internal ReconcileMetrics(Meter meter)
    {
        _total = meter.CreateCounter<long>(
            "controller_runtime_reconcile_total", description: "Total number of reconciliations by result.");
        _errors = meter.CreateCounter<long>(
            "controller_runtime_reconcile_errors_total", description: "Total number of reconciliations that failed.");
        _terminalErrors = meter.CreateCounter<long>(
            "controller_runtime_terminal_reconcile_errors_total",
            description: "Total number of reconciliation errors that are not retried; always 0, because all errors are retried.");
        _panics = meter.CreateCounter<long>(
            "controller_runtime_reconcile_panics_total",
            description: "Total number of reconciliations that ended with an unexpected exception.");
        _reasons = meter.CreateCounter<long>(
            "service_provider_ocm_reconcile_reasons_total",
            description: "Total number of reconciliations by reason; one with several reasons counts for each.");
        _time = meter.CreateHistogram(
            "controller_runtime_reconcile_time_seconds",
            "s",
            "Duration of reconciliations.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Buckets.Reconcile });
        meter.CreateObservableGauge(
            "controller_runtime_max_concurrent_reconciles",
            () => new Measurement<int>(Volatile.Read(ref _maxWorkers), Controller),
            description: "Maximum number of concurrent reconciliations.");
        meter.CreateObservableGauge(
            "controller_runtime_active_workers",
            () => new Measurement<int>(Volatile.Read(ref _activeWorkers), Controller),
            description: "Number of OCMs currently reconciled.");
    }

    /// <summary>
    /// The controller starts. All counters exist from now on with 0: one that appears with 1 has no rate.
    /// </summary>
    /// <param name="workers">Maximum number of concurrent reconciliations.</param>
    public void Starting(int workers)
    {
        Volatile.Write(ref _maxWorkers, workers);
        foreach (var result in ReconcileOutcomeNames.All)
        {
            _total.Add(0, Controller, new("result", result));
        }

        foreach (var reason in ReconcileReasonNames.All)
        {
            _reasons.Add(0, Controller, new("reason", reason));
        }

        _errors.Add(0, Controller);
        _terminalErrors.Add(0, Controller);
        _panics.Add(0, Controller);
    }

    /// <summary>A reconciliation starts; <see cref="Ended"/> must follow.</summary>
    public void Began(ReconcileReasons reasons)
    {
        Interlocked.Increment(ref _activeWorkers);
        foreach (var reason in ReconcileReasonNames.Of(reasons))
        {
            _reasons.Add(1, Controller, new("reason", reason));
        }
    }

    /// <summary>A reconciliation ends.</summary>
    public void Ended(ReconcileOutcome outcome, TimeSpan took)
    {
        Interlocked.Decrement(ref _activeWorkers);
        _time.Record(took.TotalSeconds, Controller);
        _total.Add(1, Controller, new("result", ReconcileOutcomeNames.Of(outcome)));
        if (outcome is ReconcileOutcome.Error or ReconcileOutcome.Bug)
        {
            _errors.Add(1, Controller);
        }

        if (outcome == ReconcileOutcome.Bug)
        {
            _panics.Add(1, Controller);
        }
    }
}
