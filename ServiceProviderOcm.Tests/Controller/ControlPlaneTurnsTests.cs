using System.Collections.Concurrent;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Controller;

/// <summary>Which control plane has a turn when, with one worker and controlled time.</summary>
public sealed class ControlPlaneTurnsTests : ControlPlaneTurnsFixture
{
    private static readonly ObjectKey A = new("a", "mcp");
    private static readonly ObjectKey B = new("b", "mcp");
    private static readonly ControlPlaneSubmission Echo = News with { IsNews = false };
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(9);

    private readonly ConcurrentQueue<string> _applied = [];
    private readonly ScriptedCluster _clusterA;
    private readonly ScriptedCluster _clusterB;

    public ControlPlaneTurnsTests()
        : base(new ControlPlaneTurnOptions { Workers = 1, MaxSteps = 2 }) => (_clusterA, _clusterB) = (ControlPlane("a"), ControlPlane("b"));

    [Test]
    public async Task A_turn_with_many_steps_is_continued_behind_others()
    {
        Turns.Submit(A, [.. Enumerable.Range(0, 5).Select(number => Steps.Apply($"{number}"))], News);
        Turns.Submit(B, [Steps.Apply("0"), Steps.Apply("1"), Steps.Apply("2")], News);
        Run();

        await Eventually.Async(() => Ended.Count == 2, "all is applied");
        Assert.That(_applied, Is.EqualTo(["a/0", "a/1", "b/0", "b/1", "a/2", "a/3", "b/2", "a/4"]));
        Assert.That(Ended, Is.EqualTo([B, A]));
    }

    [Test]
    public async Task A_long_turn_is_continued_behind_others_after_a_pause_that_grows()
    {
        Create(new ControlPlaneTurnOptions { Workers = 1, MaxSteps = 20, MaxDuration = TimeSpan.FromSeconds(10) });
        TakeTime(_clusterA, Slow);
        Turns.Submit(A, [.. Enumerable.Range(0, 60).Select(number => Steps.Apply($"{number}"))], News);
        Turns.Submit(B, [Steps.Apply("0")], News);
        Run();

        await Eventually.Async(() => Ended.Contains(B), "the other has its turn");
        Assert.That(_applied, Is.EqualTo(["a/0", "a/1", "b/0"]));

        await AdvanceUntilAsync(3, TimeSpan.FromSeconds(18));
        await AdvanceUntilAsync(5, TimeSpan.FromSeconds(36));
    }

    [Test]
    public async Task A_slow_control_plane_has_its_next_turn_later_also_for_later_plans()
    {
        TakeTime(_clusterA, Slow);
        Run();
        Turns.Submit(A, [Steps.Apply("0")], News);
        await Eventually.Async(() => Ended.Count == 1, "the first turn ends");

        Turns.Submit(A, [], Echo);
        Turns.Submit(A, [Steps.Apply("1")], News);

        await AdvanceUntilAsync(1, Slow);
    }

    [Test]
    public async Task A_failed_step_is_retried_with_back_off_whatever_the_control_plane_reports_meanwhile()
    {
        var isDown = true;
        _clusterA.OnApply = (_, key, body, _) =>
        {
            _applied.Enqueue($"a/{key.Name}");
            return isDown ? throw new KubernetesApiException(503, "ServiceUnavailable", "down") : Task.FromResult(new KubeObject(body));
        };
        Run();
        Turns.Submit(A, [Steps.Apply("0")], News);
        await Eventually.Async(() => Ended.Count == 1, "it has failed");

        Assert.That(Turns.Submit(A, [Steps.Apply("0")], Echo), Is.InstanceOf<ControlPlaneProgress.Failed>());
        Assert.That(Turns.Entries, Is.EqualTo(new QueueEntries(Waiting: 0, Delayed: 1, Processing: 0, BackingOff: 1)));

        isDown = false;
        Time.Advance(TimeSpan.FromMinutes(1));
        await Eventually.Async(() => Ended.Count == 2, "it is applied");
        Assert.That(_applied, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_step_with_an_unexpected_error_is_retried_with_back_off_whatever_the_control_plane_reports_meanwhile()
    {
        _clusterA.OnApply = (_, _, _, _) => throw new InvalidOperationException("a bug");
        Run();
        Turns.Submit(A, [Steps.Apply("0")], News);
        await Eventually.Async(() => Ended.Count == 1, "it has failed");

        Assert.That(Turns.Submit(A, [Steps.Apply("0")], Echo), Is.InstanceOf<ControlPlaneProgress.Failed>());
        Assert.That(Turns.Entries, Is.EqualTo(new QueueEntries(Waiting: 0, Delayed: 1, Processing: 0, BackingOff: 1)));
    }

    [Test]
    public async Task The_end_of_a_turn_is_reported_if_a_later_plan_has_dropped_the_rest_of_its_steps()
    {
        var answer = new TaskCompletionSource();
        _clusterB.OnApply = async (_, _, body, cancellationToken) =>
        {
            await answer.Task.WaitAsync(cancellationToken);
            return new KubeObject(body);
        };
        Turns.Submit(A, [Steps.Apply("0"), Steps.Apply("1"), Steps.Apply("2")], News);
        Turns.Submit(B, [Steps.Apply("0")], News);
        Run();
        await Eventually.Async(() => Turns.IsBusy(B), "the turn is continued behind the other");

        Turns.Submit(A, [], Echo);
        answer.SetResult();

        await Eventually.Async(() => Ended.Contains(A), "the end is reported");
        Assert.That(_applied, Is.EqualTo(["a/0", "a/1"]));
    }

    [Test]
    public async Task A_control_plane_has_at_most_one_call_in_flight_and_its_plans_are_exchanged_meanwhile()
    {
        Create(new ControlPlaneTurnOptions { Workers = 10 });
        var answer = new TaskCompletionSource();
        _clusterA.OnApply = async (_, key, body, cancellationToken) =>
        {
            _applied.Enqueue($"a/{key.Name}");
            await answer.Task.WaitAsync(cancellationToken);
            return new KubeObject(body);
        };
        Run();
        Turns.Submit(A, [Steps.Apply("0"), Steps.Apply("1")], News);
        await Eventually.Async(() => _applied.Contains("a/0"), "the first call is in flight");
        Turns.Submit(A, [Steps.Apply("2")], News);
        Turns.Submit(B, [Steps.Apply("0")], News);
        await Eventually.Async(() => Ended.Contains(B), "the other is done");

        Assert.That(_applied, Is.EqualTo(["a/0", "b/0"]));
        answer.SetResult();
        await Eventually.Async(() => Ended.Contains(A), "both calls are done");
        Assert.That(_applied, Is.EqualTo(["a/0", "b/0", "a/2"]));
    }

    [Test]
    public async Task Nothing_is_left_of_an_OCM_that_is_gone()
    {
        _clusterA.OnApply = (_, _, _, _) => throw new KubernetesApiException(503, "ServiceUnavailable", "down");
        Run();
        Turns.Submit(A, [Steps.Apply("0")], News);
        await Eventually.Async(() => Ended.Count == 1, "it has failed");

        Turns.Drop(A);

        Assert.That((Turns.Count, Turns.Entries), Is.EqualTo((0, default(QueueEntries))));
    }

    private protected override ScriptedCluster ControlPlaneOf(ObjectKey ocm) => ocm == A ? _clusterA : _clusterB;

    private ScriptedCluster ControlPlane(string name) => new("control plane")
    {
        OnApply = (_, key, body, _) =>
        {
            _applied.Enqueue($"{name}/{key.Name}");
            return Task.FromResult(new KubeObject(body));
        },
    };

    private void TakeTime(ScriptedCluster cluster, TimeSpan duration)
    {
        var answer = cluster.OnApply;
        cluster.OnApply = (kind, key, body, token) =>
        {
            Time.Advance(duration);
            return answer(kind, key, body, token);
        };
    }

    // Nothing more of A is applied until this much time has gone by.
    private async Task AdvanceUntilAsync(int count, TimeSpan pause)
    {
        var before = OfA();
        Time.Advance(pause - TimeSpan.FromMilliseconds(1));
        Assert.That((before, OfA(), Turns.Entries.Delayed), Is.EqualTo((before, before, 1)));
        Time.Advance(TimeSpan.FromMilliseconds(1));
        await Eventually.Async(() => OfA() > before && !Turns.IsBusy(A), "the next turn is taken");
        Assert.That(before, Is.LessThanOrEqualTo(count));

        int OfA() => _applied.Count(step => step.StartsWith("a/", StringComparison.Ordinal));
    }
}
