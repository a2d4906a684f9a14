using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Apply;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Metrics;

namespace ServiceProviderOcm.Tests.Controller;

/// <summary>A namespace with more control planes than there are workers, each of which answers slowly.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ControlPlaneShareTests : IDisposable
{
    private const int Slow = 125;
    private const int Share = 25;

    private static readonly ObjectKey Other = new("other", "mcp");
    private static readonly ControlPlaneSubmission News = new(IsForced: false, KeepsForced: true, IsNews: true, QueuePriority.High);

    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentQueue<ObjectKey> _calls = [];
    private readonly ConcurrentQueue<ObjectKey> _ended = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly ControlPlaneTurns _turns;
    private TimeSpan _duration = TimeSpan.FromSeconds(9.9);
    private Task _running = Task.CompletedTask;

    public ControlPlaneShareTests() => _turns = new ControlPlaneTurns(
        new PlanExecutor((ocm, _) => new StepTarget(ControlPlane(ocm), null)),
        new ControlPlaneTurnOptions(),
        new WorkQueueOptions(),
        _time,
        new Random(1),
        TestMetrics.Create().ControlPlaneQueue,
        _ended.Enqueue,
        NullLogger.Instance);

    [TearDown]
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public void Dispose()
    {
        _turns.Dispose();
        _stop.Dispose();
    }

    [TestCase(9.9)]
    [TestCase(1.9)]
    public async Task Slow_control_planes_of_one_namespace_do_not_delay_one_of_another(double seconds)
    {
        _duration = TimeSpan.FromSeconds(seconds);
        Run(steps: 20);
        await CallsAsync(Share);
        _time.Advance(_duration);
        await CallsAsync(2 * Share);

        _turns.Submit(Other, [Steps.Apply("0")], News);

        await Eventually.Async(() => _ended.Contains(Other), "the other has its turn while no time passes");
        Assert.That((_calls.Count, _turns.Entries.Processing, _turns.Entries.Waiting), Is.EqualTo(((2 * Share) + 1, Share, Slow - Share)));
    }

    [Test]
    public async Task Control_planes_that_are_held_back_have_their_turns_as_soon_as_others_end_and_none_is_lost()
    {
        Run(steps: 1);

        for (var calls = Share; calls <= Slow; calls += Share)
        {
            await CallsAsync(calls);
            _time.Advance(_duration);
        }

        await Eventually.Async(() => _ended.Count == Slow && _turns.Entries == default, "all have had their turn");
        Assert.That(_ended, Is.Unique);
        Assert.That(_calls, Is.Unique.And.Count.EqualTo(Slow));
    }

    [Test]
    public async Task After_a_shutdown_control_planes_that_are_held_back_have_their_turns()
    {
        Run(steps: 1);
        await CallsAsync(Share);

        _turns.ShutDown();
        for (var calls = Share; calls <= Slow; calls += Share)
        {
            await CallsAsync(calls);
            Assert.That(_running.IsCompleted, Is.False);
            _time.Advance(_duration);
        }

        await _running.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That(_ended, Is.Unique.And.Count.EqualTo(Slow));
    }

    private void Run(int steps)
    {
        for (var number = 0; number < Slow; number++)
        {
            _turns.Submit(new ObjectKey("slow", $"{number}"), [.. Enumerable.Range(0, steps).Select(step => Steps.Apply($"{step}"))], News);
        }

        _running = _turns.RunAsync(_stop.Token);
    }

    private Task CallsAsync(int count) => Eventually.Async(() => _calls.Count == count, $"{count} calls have begun");

    private ScriptedCluster ControlPlane(ObjectKey ocm) => new("control plane")
    {
        OnApply = async (_, _, body, cancellationToken) =>
        {
            var answer = ocm == Other ? Task.CompletedTask : Task.Delay(_duration, _time, cancellationToken);
            _calls.Enqueue(ocm);
            await answer;
            return new KubeObject(body);
        },
    };
}
