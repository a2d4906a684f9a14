using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Core.Rollout;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Controller;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FleetRolloutTests : IDisposable
{
    private const int Total = 200;

    private static readonly KubeObject Canary = KubeObject.Parse("""{ "metadata": { "name": "mcp--1", "labels": { "stage": "canary" } } }""");
    private static readonly KubeObject NoCanary = KubeObject.Parse("""{ "metadata": { "name": "mcp--1" } }""");

    private static readonly List<ObjectKey> Ocms = [.. Enumerable.Range(0, Total).Select(number => new ObjectKey("ws", $"mcp-{number:000}"))];

    private readonly SlowClock _time = new();
    private readonly FleetRollout _rollout;
    private readonly List<ObjectKey> _updates = [];
    private InstallConfig _config = An.Config("""{ "chartURL": "registry.example.com/chart" }""");
    private int _changes;

    private RolloutRecord _record = new();
    private IReadOnlyList<ObjectKey> _all = Ocms;
    private string? _installed = "";
    private bool _isCanary = true;
    private bool _isStored = true;

    public FleetRolloutTests()
    {
        _rollout = Create();
    }

    [Test]
    public void Reports_of_a_large_fleet_are_decided_on_together_and_none_is_missed()
    {
        Report(isReady: false);
        _time.Advance(TimeSpan.FromSeconds(1));
        _changes = 0;

        Report(isReady: true);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(_changes, Is.InRange(1, Total / 10));
        Assert.That(_rollout.Status!.Available, Is.EqualTo(Total));
    }

    [Test]
    public void A_process_that_was_suspended_during_a_decision_decides_again_within_seconds()
    {
        Report(isReady: false);
        _time.Advance(TimeSpan.FromSeconds(1));
        _time.Delay = TimeSpan.FromHours(1);
        _rollout.Decide();
        _time.Delay = TimeSpan.Zero;

        Report(isReady: true);
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.That(_rollout.Status!.Available, Is.EqualTo(Total));
    }

    [Test]
    public void An_OCM_that_cannot_be_read_neither_blocks_the_others_nor_counts_as_one_of_them()
    {
        _rollout.Skip(new ObjectKey("ws", "unreadable"));
        Report(isReady: true, Ocms.Skip(1));
        Assert.That(_rollout.Status, Is.Null, "one is not known yet");

        Report(isReady: true, Ocms.Take(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_rollout.Status!.Total, Is.EqualTo(Total));

        _config = An.Config("""{ "chartURL": "registry.example.com/chart", "values": { "a": 1 } }""");
        Report(isReady: true, isUpdated: false);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_updates, Is.EqualTo(Ocms.Take(Total / 4)));
    }

    [Test]
    public void An_update_that_is_granted_ends_when_the_OCM_is_held()
    {
        _config = An.Config("""{ "chartURL": "registry.example.com/chart", "rollout": { "maxUnavailable": 1 } }""");
        Report(isReady: true, isUpdated: false);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_updates, Is.EqualTo(Ocms.Take(1)));

        var held = new RolloutMember(Ocms[0], IsUpdated: false, IsReady: true, _time.GetUtcNow().AddDays(-1)) { IsHeld = true };
        _rollout.Report(Ocms[0], new RolloutPosition(_config, _config.Revision, held));
        _time.Advance(TimeSpan.FromHours(1));

        Assert.That(_rollout.Status!.Decision.Failed.Select(member => member.Ocm), Has.None.EqualTo(Ocms[0]));
    }

    [TestCase(true, RolloutPhase.TooManyUnavailable)]
    [TestCase(false, RolloutPhase.Progressing)]
    public void A_rollout_that_was_stalled_before_a_restart_is_stalled_after_it(bool wasStalled, RolloutPhase phase)
    {
        _record = new RolloutRecord { StalledSince = wasStalled ? _time.GetUtcNow().AddMinutes(-1) : null };

        ReportTooManyUnavailable(1);

        Assert.That(_rollout.Status!.Decision.Phase, Is.EqualTo(phase));
    }

    [Test]
    public void A_changed_configuration_has_a_deadline_of_its_own_whatever_was_stalled_before()
    {
        _record = new RolloutRecord { StalledSince = _time.GetUtcNow().AddMinutes(-1), FailedCanaries = [new("ws", "gone")] };
        ReportTooManyUnavailable(1);

        ReportTooManyUnavailable(2);

        Assert.That(_rollout.Status!.Decision.Phase, Is.EqualTo(RolloutPhase.Progressing));
    }

    [Test]
    public void An_OCM_whose_report_that_it_waits_for_the_canaries_comes_after_their_success_is_enqueued_once()
    {
        var late = new ObjectKey("ws", "late");
        Report(isReady: true);
        _time.Advance(TimeSpan.FromSeconds(1));
        _config = AtCanary();
        Report(isReady: true, Ocms.Skip(1), isUpdated: false);
        _rollout.Report(late, new RolloutPosition(_config, "", Member: null));
        ReportCanary(isUpdated: false);
        _time.Advance(TimeSpan.FromSeconds(1));
        var stage = _rollout.StageOf(isCanary: false, _config);

        ReportCanary(isUpdated: true);
        _time.Advance(TimeSpan.FromSeconds(1));
        _updates.Clear();
        Assert.That((stage == _config.Revision, _rollout.Status!.Decision.HaveCanariesPassed), Is.EqualTo((false, true)));
        _rollout.Report(late, new RolloutPosition(_config, stage, Member: null) { AwaitsNewest = true });
        _rollout.Report(late, new RolloutPosition(_config, stage, Member: null) { AwaitsNewest = true });

        Assert.That(_updates, Is.EqualTo([late]));

        void ReportCanary(bool isUpdated) => _rollout.Report(Ocms[0], new RolloutPosition(
            _config, _config.Revision, new RolloutMember(Ocms[0], isUpdated, IsReady: true, _time.GetUtcNow().AddDays(-1)) { IsCanary = true }));
    }

    [Test]
    public void A_canary_that_has_failed_stays_so_when_it_is_deleted_over_a_restart_until_it_is_no_canary()
    {
        var canary = FailAtCanary();
        _all = [.. Ocms.Skip(1)];
        _rollout.Drop(canary);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.That(
            (_rollout.Status!.Decision.Phase, _rollout.Status.Decision.FailedCanaries), Is.EqualTo((RolloutPhase.CanaryFailed, (ObjectKey[])[canary])));

        _record = new RolloutRecord { CurrentRevision = "one", FailedCanaries = _rollout.Status.Decision.FailedCanaries };
        using var next = Create();
        Report(isReady: true, Ocms.Skip(1), isUpdated: false, rollout: next);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.That((next.Status!.Decision.Phase, _updates.Count), Is.EqualTo((RolloutPhase.CanaryFailed, 0)));
        Assert.That(next.StageOf(isCanary: false, _config), Is.EqualTo("one"));

        _isCanary = false;
        next.Decide();
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.That((next.Status!.Decision.Phase, _updates.Count), Is.EqualTo((RolloutPhase.Progressing, (Total - 1) / 4)));
    }

    [Test]
    public void A_canary_that_is_deleted_during_its_update_has_failed_until_it_is_available_at_the_revision()
    {
        _config = AtCanary();
        ReportCanary(isUpdated: false);
        Report(isReady: true, Ocms.Skip(1), isUpdated: false);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.That(_updates, Is.EqualTo(Ocms.Take(1)), "the canary alone is updated");

        _all = [.. Ocms.Skip(1)];
        _rollout.Drop(Ocms[0]);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.That((_rollout.Status!.Decision.Phase, _updates.Count), Is.EqualTo((RolloutPhase.CanaryFailed, 1)));

        _all = Ocms;
        ReportCanary(isUpdated: true);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.That(_rollout.Status!.Decision.Phase, Is.EqualTo(RolloutPhase.Progressing));

        void ReportCanary(bool isUpdated) => Report(isReady: true, Ocms.Take(1), isUpdated, isCanary: true);
    }

    [Test]
    public void A_canary_that_has_failed_and_cannot_be_read_stays_so_until_it_is_no_canary()
    {
        var canary = FailAtCanary();
        _rollout.Skip(canary);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.That(_rollout.Status!.Decision.Phase, Is.EqualTo(RolloutPhase.CanaryFailed));

        _isCanary = false;
        _rollout.Skip(canary);
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.That(_rollout.Status!.Decision.Phase, Is.EqualTo(RolloutPhase.Progressing));
    }

    [Test]
    public void Invalid_settings_end_no_failure_of_a_canary()
    {
        var canary = FailAtCanary();
        _isCanary = false;
        _config = _config with { Rollout = _config.Rollout with { Errors = [new ConfigIssue("spec.rollout", "is invalid")], IsPaused = true } };
        _rollout.Drop(canary);
        _all = [.. Ocms.Skip(1)];
        Report(isReady: true, _all, isUpdated: false);
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.That(_rollout.Status!.Decision.FailedCanaries, Is.EqualTo([canary]));
    }

    // Each time before it has been Ready for as long as it must, and nobody decides while it is not.
    [Test]
    public void A_canary_that_is_never_Ready_for_long_enough_fails()
    {
        _config = An.Config(
            """{ "chartURL": "registry.example.com/chart", "rollout": { "minReadySeconds": 30, "canary": { "selector": {} } } }""");
        Report(isReady: true, isUpdated: false, isCanary: true);
        _time.Advance(TimeSpan.FromSeconds(1));
        var canary = _updates[0];
        var updatedAt = _rollout.GrantOf(canary, _config)!.At;

        for (var round = 0; round < 30; round++)
        {
            ReportUpdated(isReady: true);
            _time.Advance(TimeSpan.FromSeconds(25));
        }

        ReportUpdated(isReady: false);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(_rollout.Status!.Decision.FailedCanaries, Does.Contain(canary));

        void ReportUpdated(bool isReady) => _rollout.Report(canary, new RolloutPosition(
            _config,
            _config.Revision,
            new RolloutMember(canary, IsUpdated: true, isReady, _time.GetUtcNow()) { IsCanary = true, WasReady = true, UpdatedAt = updatedAt }));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void An_OCM_that_is_unready_when_its_condition_says_Ready_is_so_since_that_was_seen(bool wasSeenReady)
    {
        var updatedAt = _time.GetUtcNow().AddHours(-2);
        var ready = new RolloutMember(Ocms[0], IsUpdated: true, IsReady: true, updatedAt.AddDays(-1)) { UpdatedAt = updatedAt, WasReady = true };
        var unready = ready with { IsReady = false, ReadyChangedAt = updatedAt, IsReadinessReported = false };
        Report(isReady: true, Ocms.Skip(1));
        if (wasSeenReady)
        {
            _rollout.Report(Ocms[0], new RolloutPosition(_config, _config.Revision, ready));
        }

        _rollout.Report(Ocms[0], new RolloutPosition(_config, _config.Revision, unready));
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.That(_rollout.Status!.Decision.Failed, Has.Count.EqualTo(wasSeenReady ? 0 : 1));
    }

    [TestCase(null)]
    [TestCase("one")]
    public void An_OCM_that_cannot_be_read_is_at_the_revision_that_its_objects_name(string? installed)
    {
        _installed = installed;
        Report(isReady: true, Ocms.Skip(1));
        _rollout.Skip(Ocms[0]);

        Assert.That(_rollout.RevisionsInUse, Is.EquivalentTo(new HashSet<string> { _config.Revision, installed ?? _config.Revision }));
    }

    [Test]
    public void A_revision_is_installed_once_it_is_stored_and_OCMs_that_wait_for_it_are_enqueued([Values] bool isCanary)
    {
        var first = _config.Revision;
        Report(isReady: true);
        _time.Advance(TimeSpan.FromSeconds(1));
        (_config, _isStored) = (AtCanary(), false);
        Assert.That(_rollout.StageOf(isCanary, _config), Is.EqualTo(first));
        Report(isReady: true, Ocms.Skip(1), isCanary: true, isUpdated: false);
        _rollout.Report(Ocms[0], new RolloutPosition(_config, first, Member: null) { AwaitsNewest = true });
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_updates, Is.Empty);

        _isStored = true;
        _rollout.Decide();
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(_updates, Does.Contain(Ocms[0]));
        Assert.That(_rollout.StageOf(isCanary, _config), Is.EqualTo(isCanary ? _config.Revision : first));
    }

    [Test]
    public void A_new_OCM_that_is_reconciled_later_holds_nothing_up()
    {
        Report(isReady: true, Ocms.Skip(1));
        var before = _rollout.Status;
        _rollout.Delay(Ocms[0]);
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.That((before is null, _rollout.Status is null), Is.EqualTo((true, false)));
    }

    [Test]
    public void The_revisions_in_use_are_not_known_where_an_OCM_cannot_be_read()
    {
        Report(isReady: true, Ocms.Skip(1));
        _rollout.Skip(Ocms[0]);
        Assert.That(_rollout.RevisionsInUse, Is.Null);

        Report(isReady: true, Ocms.Take(1));
        Assert.That(_rollout.RevisionsInUse, Is.EqualTo([_config.Revision]));
    }

    public void Dispose() => _rollout.Dispose();

    private FleetRollout Create() => new(
        () => _config,
        () => _all,
        _ => _isStored,
        _ => _record,
        (settings, _) => RolloutMembers.MayBeCanary(settings, _isCanary ? Canary : NoCanary),
        (_, _, _) => false,
        _ => _installed,
        _updates.Add,
        () => _changes++,
        _time);

    private static InstallConfig AtCanary() => An.Config(
        """
        {
          "chartURL": "registry.example.com/chart", "values": { "a": 1 },
          "rollout": { "canary": { "selector": { "matchLabels": { "stage": "canary" } } } }
        }
        """);

    // The first OCM is the canary.
    private ObjectKey FailAtCanary()
    {
        _config = AtCanary();
        var yesterday = _time.GetUtcNow().AddDays(-1);
        _rollout.Report(Ocms[0], new RolloutPosition(
            _config,
            _config.Revision,
            new RolloutMember(Ocms[0], IsUpdated: true, IsReady: false, yesterday) { IsCanary = true, UpdatedAt = yesterday, WasReady = true }));
        Report(isReady: true, Ocms.Skip(1), isUpdated: false);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.That((_rollout.Status!.Decision.Phase, _updates.Count), Is.EqualTo((RolloutPhase.CanaryFailed, 0)));
        return Ocms[0];
    }

    // One that was updated, and was not Ready before, uses up the allowance.
    private void ReportTooManyUnavailable(int value)
    {
        _config = An.Config(
            $$"""{ "chartURL": "registry.example.com/chart", "values": { "a": {{value}} }, "rollout": { "maxUnavailable": 1 } }""");
        var yesterday = _time.GetUtcNow().AddDays(-1);
        _rollout.Report(Ocms[0], new RolloutPosition(
            _config, _config.Revision, new RolloutMember(Ocms[0], IsUpdated: true, IsReady: false, yesterday) { UpdatedAt = yesterday }));
        Report(isReady: true, Ocms.Skip(1), isUpdated: false);
        _time.Advance(TimeSpan.FromSeconds(10));
    }

    private void Report(
        bool isReady, IEnumerable<ObjectKey>? ocms = null, bool isUpdated = true, bool isCanary = false, FleetRollout? rollout = null)
    {
        foreach (var ocm in ocms ?? Ocms)
        {
            var member = new RolloutMember(ocm, isUpdated, isReady, _time.GetUtcNow().AddDays(-1)) { IsCanary = isCanary };
            (rollout ?? _rollout).Report(ocm, new RolloutPosition(_config, _config.Revision, member));
        }
    }

    private sealed class SlowClock : FakeTimeProvider
    {
        private long _read;

        /// <summary>How long it takes to read it.</summary>
        public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(1);

        public override long GetTimestamp() => base.GetTimestamp() + (_read += (long)(Delay.TotalSeconds * TimestampFrequency));
    }
}
