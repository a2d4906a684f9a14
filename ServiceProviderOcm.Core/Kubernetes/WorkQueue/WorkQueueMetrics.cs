using System.Diagnostics.Metrics;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Telemetry;

namespace ServiceProviderOcm.Core.Kubernetes.WorkQueue;

/// <summary><c>workqueue_*</c>.</summary>
public sealed class WorkQueueMetrics
{
    private static readonly KeyValuePair<string, object?> Name = new("name", ControllerMetrics.ControllerName);
    private static readonly KeyValuePair<string, object?> Controller = new("controller", ControllerMetrics.ControllerName);

    private readonly Meter _meter;
    private readonly Counter<long> _adds;
    private readonly Counter<long> _retries;
    private readonly Histogram<double> _queueDuration;
    private readonly Histogram<double> _workDuration;

    internal WorkQueueMetrics(Meter meter)
    {
        _meter = meter;
        var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = Buckets.WorkQueue };
        _adds = meter.CreateCounter<long>("workqueue_adds_total", description: "Number of keys added that did not wait already.");
        _retries = meter.CreateCounter<long>(
            "workqueue_retries_total", description: "Number of keys that are to come again with back-off, after a failure.");
        _queueDuration = meter.CreateHistogram(
            "workqueue_queue_duration_seconds", "s", "How long a key waits before it is worked on.", advice: advice);
        _workDuration = meter.CreateHistogram(
            "workqueue_work_duration_seconds", "s", "How long a key is worked on.", advice: advice);
    }

    /// <summary>Shows how a queue stands.</summary>
    /// <param name="depth">How many keys wait; asked, like the rest, whenever metrics are collected.</param>
    /// <param name="running">For how long each key that is being worked on has been.</param>
    public void Observe(Func<int> depth, Func<IReadOnlyCollection<TimeSpan>> running)
    {
        _meter.CreateObservableGauge("workqueue_depth", () => Measure(depth()), description: "How many keys wait.");
        _meter.CreateObservableGauge(
            "workqueue_unfinished_work_seconds",
            () => Measure(running().Sum(took => took.TotalSeconds)),
            "s",
            "For how long the keys that are being worked on have been, together; if it only grows, work hangs.");
        _meter.CreateObservableGauge(
            "workqueue_longest_running_processor_seconds",
            () => Measure(running().Select(took => took.TotalSeconds).DefaultIfEmpty().Max()),
            "s",
            "For how long the key that has been worked on for longest has been.");
    }

    /// <summary>The queue is about to be used: counters are there from now on with 0.</summary>
    public void Starting()
    {
        _adds.Add(0, Name, Controller);
        _retries.Add(0, Name, Controller);
    }

    /// <summary>A key was added that did not wait already.</summary>
    public void Added() => _adds.Add(1, Name, Controller);

    /// <summary>A key is to come again after a failure.</summary>
    public void Retried() => _retries.Add(1, Name, Controller);

    /// <summary>A key was taken.</summary>
    public void Taken(TimeSpan waited) => _queueDuration.Record(waited.TotalSeconds, Name, Controller);

    /// <summary>The work on a key has ended.</summary>
    public void Done(TimeSpan worked) => _workDuration.Record(worked.TotalSeconds, Name, Controller);

    private static Measurement<T> Measure<T>(T value)
        where T : struct => new(value, Name, Controller);
}
