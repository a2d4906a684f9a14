using System.Diagnostics.Metrics;
using ServiceProviderOcm.Core.Kubernetes.Telemetry;

namespace ServiceProviderOcm.Core.Controller;

/// <summary><c>controller_runtime_*</c>.</summary>
public sealed class ReconcileMetrics
{
    private static readonly KeyValuePair<string, object?> Controller = new("controller", ControllerMetrics.ControllerName);

    private readonly Counter<long> _total;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _terminalErrors;
    private readonly Counter<long> _panics;
    private readonly Histogram<double> _time;
    private int _maxWorkers;
    private int _activeWorkers;

    internal ReconcileMetrics(Meter meter)
    {
        _total = meter.CreateCounter<long>(
            "controller_runtime_reconcile_total", description: "Number of looks at OCMs, by result.");
        _errors = meter.CreateCounter<long>(
            "controller_runtime_reconcile_errors_total", description: "Number of looks at OCMs that have failed.");
        _terminalErrors = meter.CreateCounter<long>(
            "controller_runtime_terminal_reconcile_errors_total",
            description: "Number of failures that are not tried again; always 0, since every failure is tried again.");
        _panics = meter.CreateCounter<long>(
            "controller_runtime_reconcile_panics_total", description: "Number of looks at OCMs that an unexpected exception has ended.");
        _time = meter.CreateHistogram(
            "controller_runtime_reconcile_time_seconds",
            "s",
            "How long a look at an OCM takes.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Buckets.Reconcile });
        meter.CreateObservableGauge(
            "controller_runtime_max_concurrent_reconciles",
            () => new Measurement<int>(Volatile.Read(ref _maxWorkers), Controller),
            description: "How many OCMs may be worked on at once.");
        meter.CreateObservableGauge(
            "controller_runtime_active_workers",
            () => new Measurement<int>(Volatile.Read(ref _activeWorkers), Controller),
            description: "How many OCMs are being worked on.");
    }

    /// <summary>
    /// The controller begins to work. All counters are there from now on with 0: a rate cannot be told of one that appears with 1.
    /// </summary>
    /// <param name="workers">How many OCMs may be worked on at once.</param>
    public void Starting(int workers)
    {
        Volatile.Write(ref _maxWorkers, workers);
        foreach (var result in ReconcileResults.All)
        {
            _total.Add(0, Controller, new("result", result));
        }

        _errors.Add(0, Controller);
        _terminalErrors.Add(0, Controller);
        _panics.Add(0, Controller);
    }

    /// <summary>A worker takes up an OCM; <see cref="Ended"/> has to follow.</summary>
    public void Began() => Interlocked.Increment(ref _activeWorkers);

    /// <summary>A worker is done with an OCM.</summary>
    public void Ended(ReconcileOutcome outcome, TimeSpan took)
    {
        Interlocked.Decrement(ref _activeWorkers);
        _time.Record(took.TotalSeconds, Controller);
        _total.Add(1, Controller, new("result", ReconcileResults.Of(outcome)));
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
