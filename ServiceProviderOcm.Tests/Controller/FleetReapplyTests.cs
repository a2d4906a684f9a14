using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Controller;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FleetReapplyTests
{
    private static readonly ObjectKey One = new("ws", "one");
    private static readonly ObjectKey Two = new("ws", "two");

    private readonly FleetReapply _reapply = new();

    [Test]
    public void Nothing_is_due_and_nothing_done_without_a_request() =>
        Assert.That((_reapply.IsDone, _reapply.IsDue(One), _reapply.Attempted(One, isApplied: true)), Is.EqualTo((false, false, false)));

    [Test]
    public void A_request_is_done_when_everything_has_been_applied_for_each_OCM()
    {
        Assert.That(_reapply.Request([One, Two]), Is.True);
        Assert.That((_reapply.IsDone, _reapply.IsDue(One), _reapply.IsDue(Two)), Is.EqualTo((false, true, true)));

        Assert.That(_reapply.Attempted(One, isApplied: true), Is.False);
        Assert.That((_reapply.IsDone, _reapply.IsDue(One), _reapply.IsDue(Two)), Is.EqualTo((false, false, true)));

        Assert.That(_reapply.Attempted(Two, isApplied: true), Is.True);
        Assert.That((_reapply.IsDone, _reapply.Count), Is.EqualTo((true, 0)));
    }

    [Test]
    public void An_OCM_that_fails_does_not_hold_the_request_up_and_its_retry_applies_everything()
    {
        _reapply.Request([One]);

        Assert.That(_reapply.Attempted(One, isApplied: false), Is.True);
        Assert.That((_reapply.IsDone, _reapply.IsDue(One)), Is.EqualTo((true, true)));

        _reapply.Cancel();
        Assert.That(_reapply.IsDue(One), Is.True);
        _reapply.Attempted(One, isApplied: true);
        Assert.That(_reapply.IsDue(One), Is.False);
    }

    [Test]
    public void A_request_counts_once_until_it_is_canceled()
    {
        _reapply.Request([One]);
        _reapply.Attempted(One, isApplied: true);

        Assert.That((_reapply.Request([One, Two]), _reapply.IsDue(Two)), Is.EqualTo((false, false)));
        _reapply.Cancel();
        Assert.That((_reapply.IsDone, _reapply.Request([One, Two]), _reapply.IsDue(Two)), Is.EqualTo((false, true, true)));
    }

    [Test]
    public void What_has_not_been_attempted_is_dropped_with_the_request()
    {
        _reapply.Request([One, Two]);
        _reapply.Cancel();

        Assert.That((_reapply.IsDue(One), _reapply.Count), Is.EqualTo((false, 0)));
    }

    [Test]
    public void The_operation_is_what_the_latest_read_of_its_object_says()
    {
        Thread? other = null;
        var isNew = false;

        _reapply.Follow(
            () =>
            {
                // The object changes after it has been read here, and another thread is notified.
                other = new Thread(() => isNew = _reapply.Follow(() => true, () => [One]));
                other.Start();
                SpinWait.SpinUntil(() => !other.IsAlive || other.ThreadState.HasFlag(ThreadState.WaitSleepJoin));
                return false;
            },
            () => [One]);
        other!.Join();

        Assert.That((isNew, _reapply.IsDue(One)), Is.EqualTo((true, true)));
        Assert.That((_reapply.Follow(() => true, () => [One]), _reapply.Follow(() => false, () => [One])), Is.EqualTo((false, false)));
        Assert.That(_reapply.IsDue(One), Is.False);
    }

    [Test]
    public void An_operation_is_not_requested_before_the_OCMs_are_listed() =>
        Assert.That((_reapply.Follow(() => true, () => null), _reapply.IsDone), Is.EqualTo((false, false)));

    [Test]
    public void Without_OCMs_a_request_is_done_at_once()
    {
        _reapply.Request([]);

        Assert.That(_reapply.IsDone, Is.True);
    }
}
