using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Controller;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ControlPlaneWorkTests
{
    private static readonly ControlPlaneSubmission Echo = new(IsForced: false, KeepsForced: true, IsNews: false, QueuePriority.High);
    private static readonly ControlPlaneSubmission News = Echo with { IsNews = true };
    private static readonly ControlPlaneSubmission Forced = News with { IsForced = true };
    private static readonly KubernetesApiException Error = new(403, "Forbidden", "no");

    private readonly ControlPlaneWork _work = new();

    [Test]
    public void Steps_are_applied_in_their_order()
    {
        _work.Submit([Steps.Apply("a"), Steps.Apply("b")], News);

        Assert.That(Drain(), Is.EqualTo(["a", "b"]));
    }

    [Test]
    public void The_steps_of_a_plan_replace_those_of_the_plan_before()
    {
        _work.Submit([Steps.Apply("a"), Steps.Apply("b")], News);
        _work.Submit([Steps.Apply("c")], Echo);

        Assert.That(Drain(), Is.EqualTo(["c"]));
    }

    [Test]
    public void A_step_that_was_planned_again_while_it_was_applied_is_not_applied_twice()
    {
        _work.Submit([Steps.Apply("a")], News);
        var running = _work.Begin()!;
        _work.Submit([Steps.Apply("a")], Echo);
        _work.Succeeded(running);

        Assert.That(_work.HasPending, Is.False);
    }

    [Test]
    public void A_step_that_was_planned_with_other_content_while_it_was_applied_is_applied_again()
    {
        _work.Submit([Steps.Apply("a", "first")], News);
        var running = _work.Begin()!;
        _work.Submit([Steps.Apply("a", "second")], Echo);
        _work.Succeeded(running);

        Assert.That(_work.HasPending, Is.True);
    }

    [Test]
    public void A_failure_is_reported_until_its_object_is_done()
    {
        _work.Submit([Steps.Apply("a"), Steps.Apply("b")], News);
        _work.Failed(_work.Begin()!, Error);
        var failed = _work.Submit([Steps.Apply("a"), Steps.Apply("b")], Echo);
        var begun = _work.Begin()!;
        var whileRetried = _work.Submit([Steps.Apply("a"), Steps.Apply("b")], Echo);
        _work.Succeeded(begun);
        var after = _work.Submit([Steps.Apply("b")], Echo);

        Assert.That(failed, Is.EqualTo(new ControlPlaneProgress.Failed(begun, Error)).Using<ControlPlaneProgress.Failed>(SameStep));
        Assert.That(whileRetried, Is.InstanceOf<ControlPlaneProgress.Failed>());
        Assert.That(after, Is.EqualTo(ControlPlaneProgress.Pending));
    }

    [Test]
    public void A_plan_without_steps_ends_a_failure()
    {
        _work.Submit([Steps.Apply("a")], News);
        _work.Failed(_work.Begin()!, Error);

        Assert.That(_work.Submit([], Echo), Is.EqualTo(ControlPlaneProgress.Done));
        Assert.That(_work.Submit([Steps.Apply("a")], Echo), Is.EqualTo(ControlPlaneProgress.Pending));
    }

    [Test]
    public void Steps_that_are_needed_again_after_each_pass_are_contested_until_there_is_news()
    {
        List<ControlPlaneProgress> seen = [];
        for (var pass = 0; pass < 7; pass++)
        {
            seen.Add(_work.Submit([Steps.Apply("a")], Echo));
            Drain();
        }

        Assert.That(seen.Take(5), Has.All.EqualTo(ControlPlaneProgress.Pending));
        Assert.That(seen.Skip(5), Has.All.InstanceOf<ControlPlaneProgress.Contested>());
        Assert.That(_work.Submit([Steps.Apply("a")], News), Is.EqualTo(ControlPlaneProgress.Pending));
    }

    [Test]
    public void Many_steps_that_are_needed_after_each_pass_are_contested_later()
    {
        List<ControlPlaneProgress> seen = [];
        for (var pass = 0; pass < 51; pass++)
        {
            seen.Add(_work.Submit(Deletes($"{pass}-"), Echo));
            Drain();
        }

        Assert.That(seen.Take(50), Has.All.EqualTo(ControlPlaneProgress.Pending));
        Assert.That(seen[50], Is.InstanceOf<ControlPlaneProgress.Contested>());
        Assert.That(_work.Submit(Deletes("news-"), News), Is.EqualTo(ControlPlaneProgress.Pending));
    }

    [Test]
    public void The_steps_of_a_plan_are_read_once_however_many_forced_steps_are_kept()
    {
        _work.Submit(Deletes("forced-"), Forced);
        var steps = new CountedList<PlanStep>(Deletes(""));

        _work.Submit(steps, Echo);

        Assert.That(steps.Read, Is.EqualTo(2 * steps.Count), "their objects, and the steps themselves");
    }

    [Test]
    public void Forced_steps_are_kept_by_later_plans_without_them()
    {
        _work.Submit([Steps.Apply("a"), Steps.Apply("b")], Forced);
        _work.Submit([], Echo);

        Assert.That(Drain(), Is.EqualTo(["a", "b"]));
    }

    [Test]
    public void Forced_steps_give_way_to_later_steps_for_the_same_object()
    {
        _work.Submit([Steps.Apply("a", "first"), Steps.Apply("b")], Forced);
        _work.Submit([Steps.Delete("a")], Echo);

        Assert.That(Drain(), Is.EqualTo(["a", "b"]));
        _work.Submit([], Echo);
        Assert.That(Drain(), Is.Empty);
    }

    [Test]
    public void Forced_steps_are_dropped_by_a_deletion_and_by_a_failure()
    {
        _work.Submit([Steps.Apply("a")], Forced);
        _work.Submit([], Echo with { KeepsForced = false });
        Assert.That(_work.HasPending, Is.False);

        _work.Submit([Steps.Apply("a")], Forced);
        _work.Failed(_work.Begin()!, Error);
        _work.Submit([], Echo);
        Assert.That(_work.HasPending, Is.False);
    }

    [Test]
    public void It_is_busy_while_a_step_is_applied()
    {
        _work.Submit([Steps.Apply("a"), Steps.Apply("b")], News);
        var first = _work.Begin()!;
        Assert.That(_work.IsBusy, Is.True);
        _work.Submit([], Echo with { KeepsForced = false });
        Assert.That(_work.IsBusy, Is.True);
        _work.Succeeded(first);
        Assert.That(_work.IsBusy, Is.False);
    }

    [Test]
    public void It_is_idle_again_only_for_who_knows_of_all_steps_that_were_begun()
    {
        var before = _work.Begun;
        Assert.That(_work.IsIdleSince(before), Is.True);
        _work.Submit([Steps.Apply("a")], News);
        Assert.That(_work.IsIdleSince(before), Is.False, "a step is pending");
        var step = _work.Begin()!;
        _work.Submit([], Echo with { KeepsForced = false });
        Assert.That(_work.IsIdleSince(_work.Begun), Is.False, "the step is being applied");
        _work.Succeeded(step);

        Assert.That((_work.IsIdleSince(before), _work.IsIdleSince(_work.Begun)), Is.EqualTo((false, true)));
    }

    private static bool SameStep(ControlPlaneProgress.Failed one, ControlPlaneProgress.Failed other) =>
        one.Step.Key == other.Step.Key && one.Error == other.Error;

    private static List<PlanStep> Deletes(string prefix) => [.. Enumerable.Range(0, 100).Select(number => Steps.Delete($"{prefix}{number}"))];

    private List<string> Drain()
    {
        List<string> applied = [];
        while (_work.Begin() is { } step)
        {
            applied.Add(step.Key.Name);
            _work.Succeeded(step);
        }

        return applied;
    }
}
