using System.Collections.Concurrent;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Controller;

/// <summary>A namespace with more control planes than there are workers, each of which answers slowly.</summary>
public sealed class ControlPlaneShareTests() : ControlPlaneTurnsFixture(new ControlPlaneTurnOptions())
{
    private const int Slow = 125;
    private const int Share = 25;

    private static readonly ObjectKey Other = new("other", "mcp");

    private readonly ConcurrentQueue<ObjectKey> _calls = [];
    private TimeSpan _duration = TimeSpan.FromSeconds(9.9);

    [TestCase(9.9)]
    [TestCase(1.9)]
    public async Task Slow_control_planes_of_one_namespace_do_not_delay_one_of_another(double seconds)
    {
        _duration = TimeSpan.FromSeconds(seconds);
        Run(steps: 20);
        await CallsAsync(Share);
        Time.Advance(_duration);
        await CallsAsync(2 * Share);

        Turns.Submit(Other, [Steps.Apply("0")], News);

        await Eventually.Async(() => Ended.Contains(Other), "the other has its turn while no time passes");
        Assert.That((_calls.Count, Turns.Entries.Processing, Turns.Entries.Waiting), Is.EqualTo(((2 * Share) + 1, Share, Slow - Share)));
    }

    [Test]
    public async Task Control_planes_that_are_held_back_have_their_turns_as_soon_as_others_end_and_none_is_lost()
    {
        Run(steps: 1);

        for (var calls = Share; calls <= Slow; calls += Share)
        {
            await CallsAsync(calls);
            Time.Advance(_duration);
        }

        await Eventually.Async(() => Ended.Count == Slow && Turns.Entries == default, "all have had their turn");
        Assert.That(Ended, Is.Unique);
        Assert.That(_calls, Is.Unique.And.Count.EqualTo(Slow));
    }

    [Test]
    public async Task After_a_shutdown_control_planes_that_are_held_back_have_their_turns()
    {
        Run(steps: 1);
        await CallsAsync(Share);

        Turns.ShutDown();
        for (var calls = Share; calls <= Slow; calls += Share)
        {
            await CallsAsync(calls);
            Assert.That(Running.IsCompleted, Is.False);
            Time.Advance(_duration);
        }

        await Running.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That(Ended, Is.Unique.And.Count.EqualTo(Slow));
    }

    private void Run(int steps)
    {
        for (var number = 0; number < Slow; number++)
        {
            Turns.Submit(new ObjectKey("slow", $"{number}"), [.. Enumerable.Range(0, steps).Select(step => Steps.Apply($"{step}"))], News);
        }

        Run();
    }

    private Task CallsAsync(int count) => Eventually.Async(() => _calls.Count == count, $"{count} calls have begun");

    private protected override ScriptedCluster ControlPlaneOf(ObjectKey ocm) => new("control plane")
    {
        OnApply = async (_, _, body, cancellationToken) =>
        {
            var answer = ocm == Other ? Task.CompletedTask : Task.Delay(_duration, Time, cancellationToken);
            _calls.Enqueue(ocm);
            await answer;
            return new KubeObject(body);
        },
    };
}
