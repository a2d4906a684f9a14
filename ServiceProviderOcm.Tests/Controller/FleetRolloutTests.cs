using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Rollout;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Controller;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FleetRolloutTests : IDisposable
{
    private const int Total = 200;

    private static readonly List<ObjectKey> Ocms = [.. Enumerable.Range(0, Total).Select(number => new ObjectKey("ws", $"mcp-{number:000}"))];

    private readonly SlowClock _time = new();
    private readonly FleetRollout _rollout;
    private readonly List<ObjectKey> _updates = [];
    private InstallConfig _config = An.Config("""{ "chartURL": "registry.example.com/chart" }""");
    private int _changes;

    private DateTimeOffset? _stalledSince;

    public FleetRolloutTests()
    {
        _rollout = new FleetRollout(
            () => _config, () => Ocms, _ => true, () => null, _ => _stalledSince, _updates.Add, () => _changes++, _time);
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
        _stalledSince = wasStalled ? _time.GetUtcNow().AddMinutes(-1) : null;

        ReportTooManyUnavailable(1);

        Assert.That(_rollout.Status!.Decision.Phase, Is.EqualTo(phase));
    }

    [Test]
    public void A_changed_configuration_has_a_deadline_of_its_own_whatever_was_stalled_before()
    {
        _stalledSince = _time.GetUtcNow().AddMinutes(-1);
        ReportTooManyUnavailable(1);

        ReportTooManyUnavailable(2);

        Assert.That(_rollout.Status!.Decision.Phase, Is.EqualTo(RolloutPhase.Progressing));
    }

    public void Dispose() => _rollout.Dispose();

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

    private void Report(bool isReady, IEnumerable<ObjectKey>? ocms = null, bool isUpdated = true)
    {
        foreach (var ocm in ocms ?? Ocms)
        {
            _rollout.Report(ocm, new RolloutPosition(
                _config, _config.Revision, new RolloutMember(ocm, isUpdated, isReady, _time.GetUtcNow().AddDays(-1))));
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
