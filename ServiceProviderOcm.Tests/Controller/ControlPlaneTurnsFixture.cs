using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Apply;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;
using ServiceProviderOcm.Tests.Support.Metrics;

namespace ServiceProviderOcm.Tests.Controller;

/// <summary>Tests that each have turns on control planes of their own, with controlled time.</summary>
/// <param name="options">The options of the turns, unless a test makes others.</param>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public abstract class ControlPlaneTurnsFixture(ControlPlaneTurnOptions options) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private ControlPlaneTurns? _turns;

    private protected static ControlPlaneSubmission News { get; } = new(IsForced: false, KeepsForced: true, IsNews: true, QueuePriority.High);

    private protected FakeTimeProvider Time { get; } = new();

    /// <summary>The OCMs whose turns have ended, in this order.</summary>
    private protected ConcurrentQueue<ObjectKey> Ended { get; } = [];

    private protected ControlPlaneTurns Turns => _turns!;

    private protected Task Running { get; private set; } = Task.CompletedTask;

    [SetUp]
    public void Create() => Create(options);

    [TearDown]
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Running;
    }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _turns?.Dispose();
        _stop.Dispose();
    }

    private protected void Create(ControlPlaneTurnOptions others)
    {
        _turns?.Dispose();
        _turns = new ControlPlaneTurns(
            new PlanExecutor((ocm, _) => new StepTarget(ControlPlaneOf(ocm), null)),
            others,
            new WorkQueueOptions(),
            Time,
            new Random(1),
            TestMetrics.Create().ControlPlaneQueue,
            Ended.Enqueue,
            NullLogger.Instance);
    }

    private protected void Run() => Running = Turns.RunAsync(_stop.Token);

    private protected abstract ScriptedCluster ControlPlaneOf(ObjectKey ocm);
}
