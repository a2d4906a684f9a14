using System.Diagnostics.Metrics;
using ServiceProviderOcm.Core.Kubernetes.Telemetry;

namespace ServiceProviderOcm.Core.Kubernetes.WorkQueue;

/// <summary><c>workqueue_*</c>, as client-go and controller-runtime have them.</summary>
public sealed class WorkQueueMetrics
{
    private readonly KeyValuePair<string, object?> _name;
    private readonly KeyValuePair<string, object?> _controller;
    private readonly Meter _meter;
    private readonly Counter<long> _adds;
    private readonly Counter<long> _retries;
    private readonly Histogram<double> _queueDuration;
    private readonly Histogram<double> _workDuration;

    /// <summary>Instruments without values.</summary>
    /// <param name="meter">The meter.</param>
    /// <param name="name">The value of the labels <c>name</c> and <c>controller</c>.</param>
    public WorkQueueMetrics(Meter meter, string name)
    {
        _meter = meter;
        _name = new("name", name);
        _controller = new("controller", name);
        var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = Buckets.WorkQueue };
        _adds = meter.CreateCounter<long>("workqueue_adds_total", description: "Total number of keys added to the queue, without those that were in it already.");
        _retries = meter.CreateCounter<long>("workqueue_retries_total", description: "Total number of retries of keys.");
        _queueDuration = meter.CreateHistogram(
            "workqueue_queue_duration_seconds", "s", "Time that a key is in the queue before it is processed.", advice: advice);
        _workDuration = meter.CreateHistogram(
            "workqueue_work_duration_seconds", "s", "Time that it takes to process a key.", advice: advice);
    }

    /// <summary>Registers gauges of a queue's state.</summary>
    /// <param name="depth">The number of keys that wait; called, like the other, whenever metrics are collected.</param>
    /// <param name="running">For how long each key in progress has been processed.</param>
    public void Observe(Func<int> depth, Func<IReadOnlyCollection<TimeSpan>> running)
    {
        _meter.CreateObservableGauge("workqueue_depth", () => Measure(depth()), description: "Current number of keys in the queue.");
        _meter.CreateObservableGauge(
            "workqueue_unfinished_work_seconds",
            () => Measure(running().Sum(took => took.TotalSeconds)),
            "s",
            "Total time that the keys in progress have been processed for so far. A value that only grows indicates stuck workers.");
        _meter.CreateObservableGauge(
            "workqueue_longest_running_processor_seconds",
            () => Measure(running().Select(took => took.TotalSeconds).DefaultIfEmpty().Max()),
            "s",
            "Time that the longest running key has been processed for.");
    }

    /// <summary>Makes the counters visible with the value 0.</summary>
    public void Starting()
    {
        _adds.Add(0, _name, _controller);
        _retries.Add(0, _name, _controller);
    }

    /// <summary>A key was added that did not wait already.</summary>
    public void Added() => _adds.Add(1, _name, _controller);

    /// <summary>A key was added after a failure.</summary>
    public void Retried() => _retries.Add(1, _name, _controller);

    /// <summary>A key was taken.</summary>
    public void Taken(TimeSpan waited) => _queueDuration.Record(waited.TotalSeconds, _name, _controller);

    /// <summary>A key was processed.</summary>
    public void Done(TimeSpan worked) => _workDuration.Record(worked.TotalSeconds, _name, _controller);

    private Measurement<T> Measure<T>(T value)
        where T : struct => new(value, _name, _controller);
}
