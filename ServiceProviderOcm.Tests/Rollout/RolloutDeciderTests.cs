using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Rollout;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Rollout;

public sealed class RolloutDeciderTests
{
    private static readonly DateTimeOffset Now = An.Now;

    private static readonly DateTimeOffset LongAgo = Now.AddDays(-1);

    private static readonly RolloutSettings Settings = RolloutSettings.Default with { MaxUnavailable = new(2, IsPercentage: false) };

    // Each letter is an OCM, by name in this order: '.' outdated, '-' outdated and not Ready, 'h' outdated and held, 'o' since its version is
    // not on offer,
    // 'u' updated and Ready, 'p' updated and not Ready yet, 's' stalled, as Flux reports, 'f' past its deadline,
    // 'n' not Ready before its update either, 'x' unreachable, 'i' not Ready since its installation. Capitals and '*', '_' are canaries.
    [TestCase("", "Complete", "")]
    [TestCase("uuuu", "Complete", "")]
    [TestCase("....", "Progressing", "0 1")]
    [TestCase("uu..", "Progressing", "2 3")]
    [TestCase("pu..", "Progressing", "2")]
    [TestCase("ppu.", "Progressing", "")]
    [TestCase("ppuu", "Progressing", "")]
    [TestCase("-...", "Progressing", "0 1")]
    [TestCase("---.", "Progressing", "0 1 2")]
    [TestCase("p--.", "Progressing", "1 2")]
    [TestCase("fuu.", "Progressing", "3")]
    [TestCase("suu.", "Progressing", "3")]
    [TestCase("fuuu", "Complete", "")]
    [TestCase("ffu.", "TooManyFailures", "")]
    [TestCase("sfu.", "TooManyFailures", "")]
    [TestCase("ff--", "TooManyFailures", "")]
    [TestCase("ffuu", "TooManyFailures", "")]
    [TestCase("nu..", "Progressing", "2")]
    [TestCase("nxu.", "Progressing", "")]
    [TestCase("nxuu", "Progressing", "")]
    [TestCase("iuuu", "Complete", "")]
    [TestCase("h...", "Progressing", "1 2")]
    [TestCase("huuu", "Complete", "")]
    [TestCase("oo", "NotOffered", "")]
    [TestCase("oh", "NotOffered", "")]
    [TestCase("hh", "Complete", "")]
    [TestCase("ou", "Complete", "")]
    [TestCase("o.", "Progressing", "1")]
    [TestCase("**..", "Progressing", "0 1")]
    [TestCase("---*", "Progressing", "3")]
    [TestCase("--.*", "Progressing", "3")]
    [TestCase("---**", "Progressing", "3")]
    [TestCase("---_*", "Progressing", "3")]
    [TestCase("---P*", "Progressing", "")]
    [TestCase("---X*", "Progressing", "")]
    [TestCase("ii.*", "Progressing", "")]
    [TestCase("..*.", "Progressing", "2")]
    [TestCase("-.*_", "Progressing", "3")]
    [TestCase("-._*", "Progressing", "2")]
    [TestCase("..UP", "Progressing", "")]
    [TestCase("..*P", "Progressing", "2")]
    [TestCase("..UU", "Progressing", "0 1")]
    [TestCase("..UF", "CanaryFailed", "")]
    [TestCase("..*S", "CanaryFailed", "")]
    [TestCase("--US", "CanaryFailed", "")]
    [TestCase("uuUF", "CanaryFailed", "")]
    [TestCase("..UN", "Progressing", "")]
    [TestCase("..UX", "Progressing", "")]
    [TestCase("..UI", "Progressing", "0")]
    [TestCase("..UH", "Progressing", "0 1")]
    public void The_OCMs_that_may_be_updated_follow_from_the_fleet(string fleet, string phase, string next)
    {
        var decision = RolloutDecider.Decide(Fleet(fleet), Settings, Now);

        Assert.That(
            (decision.Phase.ToString(), string.Join(' ', decision.Next.Select(ocm => ocm.Name))), Is.EqualTo((phase, next)));
    }

    [TestCase("....", "0 1 2 3")]
    [TestCase("..*.", "2")]
    [TestCase("pp..", "2 3")]
    public void All_of_a_stage_are_updated_at_once_where_all_may_be_unavailable(string fleet, string next) =>
        Assert.That(
            Names(RolloutDecider.Decide(Fleet(fleet), Settings with { MaxUnavailable = new(100, IsPercentage: true) }, Now)), Is.EqualTo(next));

    [TestCase("....", 1, "0")]
    [TestCase("........", 1, "0 1")]
    public void A_percentage_is_of_all_OCMs(string fleet, int extra, string next) => Assert.That(
        Names(RolloutDecider.Decide(Fleet(fleet) with { Total = fleet.Length + extra }, RolloutSettings.Default, Now)), Is.EqualTo(next));

    [TestCase("....", RolloutPhase.Paused)]
    [TestCase("p...", RolloutPhase.Paused)]
    [TestCase("--uu", RolloutPhase.Paused)]
    [TestCase("ff..", RolloutPhase.Paused)]
    [TestCase("uuuu", RolloutPhase.Complete)]
    [TestCase("uffu", RolloutPhase.TooManyFailures)]
    public void While_paused_nothing_is_updated(string fleet, RolloutPhase phase)
    {
        var decision = RolloutDecider.Decide(Fleet(fleet), Settings with { IsPaused = true }, Now);

        Assert.That((decision.Phase, decision.Next.Count), Is.EqualTo((phase, 0)));
    }

    [TestCase("fu..", 0, RolloutPhase.TooManyFailures)]
    [TestCase("uuu.", 0, RolloutPhase.Progressing)]
    [TestCase("ffu.", 2, RolloutPhase.Progressing)]
    [TestCase("fffu", 2, RolloutPhase.TooManyFailures)]
    [TestCase("ffuu", 2, RolloutPhase.Complete)]
    public void More_failures_than_accepted_stall_the_rollout(string fleet, int maxFailures, RolloutPhase phase)
    {
        var decision = RolloutDecider.Decide(
            Fleet(fleet), Settings with { MaxFailures = new(maxFailures, IsPercentage: false) }, Now);

        Assert.That(decision.Phase, Is.EqualTo(phase));
    }

    [Test]
    public void A_failed_canary_stalls_the_rollout_however_many_failures_are_accepted() => Assert.That(
        RolloutDecider.Decide(Fleet("...F"), Settings with { MaxFailures = new(100, IsPercentage: true) }, Now).Phase,
        Is.EqualTo(RolloutPhase.CanaryFailed));

    // By its number: it was being updated.
    [TestCase("..U", "3", "CanaryFailed", Description = "it is deleted")]
    [TestCase("..UI", "3", "CanaryFailed", Description = "its objects were deleted, and created again without marks")]
    [TestCase("..UP", "3", "Progressing")]
    [TestCase("..UX", "3", "Progressing", Description = "its control plane is unreachable: that is no failure")]
    [TestCase("..UU", "3", "Progressing")]
    public void A_canary_whose_update_is_lost_has_failed(string fleet, string updating, string phase)
    {
        var decision = RolloutDecider.Decide(Fleet(fleet) with { UpdatingCanaries = [new("team", updating)] }, Settings, Now);

        Assert.That(decision.Phase.ToString(), Is.EqualTo(phase));
    }

    [Test]
    public void A_canary_that_is_lost_before_it_was_Ready_for_long_enough_has_failed()
    {
        var settings = Settings with { MinReady = TimeSpan.FromSeconds(30) };
        var canary = Updated('U', 2) with { ReadyChangedAt = Now.AddSeconds(-10) };
        var others = Fleet("..").Members;

        var before = RolloutDecider.Decide(new RolloutFleet(3, [.. others, canary], LongAgo), settings, Now);
        var after = RolloutDecider.Decide(
            new RolloutFleet(3, others, LongAgo) { UpdatingCanaries = before.UpdatingCanaries }, settings, Now);

        Assert.That((Names(before), Names(after), after.Phase), Is.EqualTo(("", "", RolloutPhase.CanaryFailed)));
    }

    [TestCase("..PUp", "2", Description = "available ones, and those that are no canaries, do not count")]
    [TestCase("..PNX", "2", Description = "nor do those that were not Ready before, or are unreachable")]
    [TestCase("..FS", "")]
    public void Canaries_that_are_being_updated_are_passed_to_the_next_decision(string fleet, string updating) => Assert.That(
        string.Join(' ', RolloutDecider.Decide(Fleet(fleet), Settings, Now).UpdatingCanaries.Select(ocm => ocm.Name)), Is.EqualTo(updating));

    // By its number: it has failed before.
    [TestCase("..UF", "3", "CanaryFailed", "", "3")]
    [TestCase("..UP", "3", "CanaryFailed", "", "3")]
    [TestCase("..UX", "3", "CanaryFailed", "", "3", Description = "its control plane is unreachable now")]
    [TestCase("..UH", "3", "CanaryFailed", "", "3", Description = "its owner requests a version that is not on offer")]
    [TestCase("..UI", "3", "CanaryFailed", "", "3", Description = "its objects were deleted, and created again without marks")]
    [TestCase("..U*", "3", "CanaryFailed", "3", "3", Description = "it is at another revision, and needs an update")]
    [TestCase("..*_*", "3 4", "CanaryFailed", "3 4", "3 4", Description = "those that have not failed are not updated")]
    [TestCase("..F*", "3", "CanaryFailed", "3", "2 3")]
    [TestCase("--P*", "3", "CanaryFailed", "", "3", Description = "too many are unavailable")]
    [TestCase("..U", "3", "CanaryFailed", "", "3", Description = "it is deleted")]
    [TestCase("..FX", "3", "CanaryFailed", "", "2 3")]
    [TestCase("..UU", "3", "Progressing", "0 1", "")]
    public void A_canary_that_has_failed_stays_so_until_it_is_available_at_the_revision(
        string fleet, string before, string phase, string next, string after)
    {
        var decision = RolloutDecider.Decide(
            Fleet(fleet) with { FailedCanaries = [.. before.Split(' ').Select(name => new ObjectKey("team", name))] }, Settings, Now);

        Assert.That(
            (decision.Phase.ToString(), Names(decision), string.Join(' ', decision.FailedCanaries.Select(ocm => ocm.Name))),
            Is.EqualTo((phase, next, after)));
        Assert.That(decision.HaveCanariesPassed, Is.EqualTo(after.Length == 0));
        Assert.That(decision.Failed.Select(member => member.Message), Is.All.Not.Null);
    }

    [Test]
    public void A_canary_that_has_failed_is_available_when_it_has_been_Ready_for_long_enough()
    {
        var canary = Updated('U', 0) with { ReadyChangedAt = Now.AddSeconds(-10) };
        var fleet = new RolloutFleet(2, [canary, Outdated('.', 1)], LongAgo) { FailedCanaries = [canary.Ocm] };
        var settings = Settings with { MinReady = TimeSpan.FromSeconds(30) };

        var (before, after) = (RolloutDecider.Decide(fleet, settings, Now), RolloutDecider.Decide(fleet, settings, Now.AddSeconds(20)));

        Assert.That((before.Phase, before.CheckAt), Is.EqualTo((RolloutPhase.CanaryFailed, (DateTimeOffset?)Now.AddSeconds(20))));
        Assert.That((after.Phase, Names(after), after.FailedCanaries.Count), Is.EqualTo((RolloutPhase.Progressing, "1", 0)));
    }

    [TestCase(true, RolloutPhase.CanaryFailed)]
    [TestCase(false, RolloutPhase.Progressing)]
    public void A_canary_that_was_never_available_fails_however_late_it_becomes_unready(bool wasNeverAvailable, RolloutPhase phase)
    {
        var canary = Updated('F', 0) with
        {
            UpdatedAt = Now.AddHours(-2),
            ReadyChangedAt = Now.AddHours(-1),
            WasNeverAvailable = wasNeverAvailable,
        };

        Assert.That(
            RolloutDecider.Decide(new RolloutFleet(2, [canary, Outdated('.', 1)], LongAgo), Settings, Now).Phase, Is.EqualTo(phase));
    }

    [Test]
    public void OCMs_that_are_unavailable_anyway_stall_the_rollout_after_the_progress_deadline()
    {
        var fleet = Fleet("i.i.");

        var (before, after) = (
            RolloutDecider.Decide(fleet, Settings, Now),
            RolloutDecider.Decide(fleet, Settings, Now + Settings.ProgressDeadline));

        Assert.That(
            (before.Phase, before.CheckAt, after.Phase, after.CheckAt),
            Is.EqualTo((
                RolloutPhase.Progressing, (DateTimeOffset?)(Now + Settings.ProgressDeadline),
                RolloutPhase.TooManyUnavailable, (DateTimeOffset?)null)));
        Assert.That(after.Blocking.Select(member => member.Ocm.Name), Is.EqualTo(["0", "2"]));
    }

    // The deadline is 600 s after the update.
    [TestCase(1200, RolloutPhase.CanaryFailed)]
    [TestCase(4000, RolloutPhase.CanaryFailed)]
    [TestCase(4300, RolloutPhase.Progressing)]
    public void A_canary_fails_that_becomes_unready_before_it_was_available(int unreadyAfter, RolloutPhase phase)
    {
        var updated = Now.AddSeconds(-5000);
        var canary = new RolloutMember(new ObjectKey("ws", "canary"), IsUpdated: true, IsReady: false, updated.AddSeconds(unreadyAfter))
        {
            IsCanary = true,
            UpdatedAt = updated,
            WasReady = true,
        };
        var other = new RolloutMember(new ObjectKey("ws", "other"), IsUpdated: false, IsReady: true, LongAgo);

        var decision = RolloutDecider.Decide(
            new RolloutFleet(2, [canary, other], LongAgo), Settings with { MinReady = TimeSpan.FromSeconds(3600) }, Now);

        Assert.That(decision.Phase, Is.EqualTo(phase));
        Assert.That(decision.Next, phase == RolloutPhase.Progressing ? Is.EqualTo([other.Ocm]) : Is.Empty);
    }

    [TestCase(0, RolloutPhase.Complete, null)]
    [TestCase(10, RolloutPhase.Complete, null)]
    [TestCase(30, RolloutPhase.Progressing, 20)]
    public void An_OCM_is_available_when_it_has_been_Ready_for_long_enough(int minReady, RolloutPhase phase, int? checkAfter)
    {
        var member = Updated('u', 0) with { UpdatedAt = Now.AddSeconds(-60), ReadyChangedAt = Now.AddSeconds(-10) };

        var decision = RolloutDecider.Decide(
            new RolloutFleet(1, [member], LongAgo), Settings with { MinReady = TimeSpan.FromSeconds(minReady) }, Now);

        Assert.That((decision.Phase, (decision.CheckAt - Now)?.TotalSeconds), Is.EqualTo((phase, (double?)checkAfter)));
    }

    [Test]
    public void An_OCM_that_was_Ready_all_the_time_is_available_from_its_update()
    {
        var member = Updated('u', 0) with { UpdatedAt = Now.AddSeconds(-10), ReadyChangedAt = LongAgo };

        var decision = RolloutDecider.Decide(
            new RolloutFleet(1, [member], LongAgo), Settings with { MinReady = TimeSpan.FromSeconds(30) }, Now);

        Assert.That(decision.CheckAt, Is.EqualTo(Now.AddSeconds(20)));
    }

    [TestCase(-600, RolloutPhase.CanaryFailed)]
    [TestCase(-599, RolloutPhase.Progressing)]
    public void An_OCM_that_is_not_Ready_by_the_progress_deadline_has_failed(int updatedAt, RolloutPhase phase)
    {
        var member = Updated('P', 0) with { UpdatedAt = Now.AddSeconds(updatedAt), ReadyChangedAt = Now.AddSeconds(updatedAt) };

        var decision = RolloutDecider.Decide(new RolloutFleet(1, [member], LongAgo), Settings, Now);

        Assert.That(
            (decision.Phase, decision.CheckAt),
            Is.EqualTo((phase, phase == RolloutPhase.Progressing ? (DateTimeOffset?)Now.AddSeconds(1) : null)));
    }

    [Test]
    public void An_OCM_that_becomes_unready_after_its_deadline_has_not_failed() => Assert.That(
        RolloutDecider.Decide(
            new RolloutFleet(1, [Updated('F', 0) with { UpdatedAt = Now.AddHours(-2), ReadyChangedAt = Now.AddHours(-1) }], LongAgo),
            Settings,
            Now).Phase,
        Is.EqualTo(RolloutPhase.Complete));

    [TestCase("uuUU", true)]
    [TestCase("..UU", true)]
    [TestCase("....", true)]
    [TestCase("..U*", false)]
    [TestCase("..UP", false)]
    [TestCase("..UF", false)]
    public void New_OCMs_use_the_new_revision_once_the_canaries_have_passed(string fleet, bool havePassed) =>
        Assert.That(RolloutDecider.Decide(Fleet(fleet), Settings, Now).HaveCanariesPassed, Is.EqualTo(havePassed));

    [TestCase("HU*..", 2)]
    [TestCase("H..", 0, Description = "its version is not on offer: nothing is tried out first")]
    public void Canaries_count_if_they_are_updated_or_can_be(string fleet, int canaries) =>
        Assert.That(RolloutDecider.Decide(Fleet(fleet), Settings, Now).Canaries, Is.EqualTo(canaries));

    [Test]
    public void The_decision_counts_the_OCMs_and_names_those_that_failed()
    {
        var decision = RolloutDecider.Decide(Fleet("fus.h-"), Settings, Now);

        Assert.That(
            (decision.Updated, decision.Outdated, decision.Unavailable, decision.MaxUnavailable), Is.EqualTo((3, 2, 3, 2)));
        Assert.That(decision.Failed.Select(member => member.Ocm.Name), Is.EqualTo(["0", "2"]));
    }

    private static string Names(RolloutDecision decision) => string.Join(' ', decision.Next.Select(ocm => ocm.Name));

    private static RolloutFleet Fleet(string letters) => new(
        letters.Length,
        [.. letters.Select((letter, index) => char.ToLowerInvariant(letter) is '.' or '*' or '-' or '_' or 'h' or 'o' ? Outdated(letter, index) : Updated(letter, index))],
        Now);

    private static RolloutMember Outdated(char letter, int index) => new(
        Key(index), IsUpdated: false, IsReady: letter is not ('-' or '_'), ReadyChangedAt: LongAgo)
    {
        IsCanary = letter is '*' or '_' or 'H',
        IsHeld = letter is 'h' or 'H' or 'o',
        IsNotOffered = letter is 'o',
    };

    private static RolloutMember Updated(char letter, int index)
    {
        var kind = char.ToLowerInvariant(letter);
        var updatedAt = kind == 'f' ? Now - Settings.ProgressDeadline : Now.AddSeconds(-30);
        return new RolloutMember(Key(index), IsUpdated: true, IsReady: kind == 'u', ReadyChangedAt: kind == 'n' ? LongAgo : updatedAt)
        {
            IsCanary = char.IsUpper(letter),
            UpdatedAt = kind == 'i' ? null : updatedAt,
            WasReady = kind is not ('n' or 'i'),
            IsStalled = kind is 's' or 'x',
            IsUnreachable = kind == 'x',
        };
    }

    private static ObjectKey Key(int index) => new("team", $"{index}");
}
