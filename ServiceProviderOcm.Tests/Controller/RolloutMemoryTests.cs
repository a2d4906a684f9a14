using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Core.Rollout;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Controller;

/// <summary>What a process remembers of a canary and of updates that are granted and not written yet.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RolloutMemoryTests : IDisposable
{
    private const string Stages = """{ "canary": { "selector": { "matchLabels": { "stage": "canary" } } } }""";

    private static readonly ObjectKey Canary = new("ws", "canary");
    private static readonly ObjectKey[] Others = [new("ws", "other-1"), new("ws", "other-2")];

    private readonly FakeTimeProvider _time = new();
    private readonly List<ObjectKey> _updates = [];
    private readonly FleetRollout _rollout;
    private InstallConfig _config = Config("one", Stages);
    private bool _isSame;
    private RolloutRecord _record = new() { CurrentRevision = "before" };

    public RolloutMemoryTests()
    {
        _rollout = new FleetRollout(
            () => _config,
            () => [Canary, .. Others],
            _ => true,
            _ => _record,
            (_, _) => true,
            (_, _, _) => _isSame,
            _ => "",
            _updates.Add,
            () => { },
            _time);
    }

    private RolloutPhase Phase => _rollout.Status!.Decision.Phase;

    [Test]
    public void A_canary_that_has_failed_before_a_restart_and_was_never_written_is_updated_once()
    {
        _record = _record with { FailedCanaries = [Canary] };
        Report(Others);
        Report([Canary]);
        for (var round = 0; round < 3; round++)
        {
            Report([Canary], isReady: false);
            _time.Advance(_config.Rollout.ProgressDeadline);
        }

        Assert.That(Phase, Is.EqualTo(RolloutPhase.CanaryFailed));
        Assert.That(_updates, Is.EqualTo([Canary]));

        Report([Canary], isUpdated: true);
        Assert.That(_updates, Is.EqualTo([Canary, Others[0]]));
    }

    [Test]
    public void A_canary_that_was_held_before_its_update_was_written_is_updated_when_it_no_longer_is([Values] bool hasEarlierUpdate)
    {
        DateTimeOffset? update = hasEarlierUpdate ? _time.GetUtcNow().AddDays(-30) : null;
        Report(Others);
        Report([Canary], update: update);
        Report([Canary], isHeld: true, update: update);
        Assert.That(Phase, Is.EqualTo(RolloutPhase.CanaryFailed));

        Report([Canary]);

        Assert.That(_updates, Is.EqualTo([Canary, Canary]));
    }

    // It is created again, so that its objects do not tell of the update.
    [TestCase(true, true, RolloutPhase.CanaryFailed)]
    [TestCase(false, true, RolloutPhase.CanaryFailed)]
    [TestCase(true, false, RolloutPhase.Progressing)]
    public void A_change_that_installs_the_same_for_a_canary_that_has_failed_or_is_lost_releases_no_others(
        bool hasFailed, bool isSame, RolloutPhase phase)
    {
        Report(Others);
        Report([Canary]);
        var update = _rollout.GrantOf(Canary, _config)!;
        Report([Canary], isUpdated: true, isReady: false, update: update.At);
        _time.Advance(hasFailed ? _config.Rollout.ProgressDeadline : TimeSpan.FromSeconds(1));
        Assert.That(Phase, Is.EqualTo(hasFailed ? RolloutPhase.CanaryFailed : RolloutPhase.Progressing));

        (_config, _isSame) = (Config("two", Stages), isSame);
        Report(Others);
        Report([Canary], isUpdated: true, isReady: false);

        Assert.That(Phase, Is.EqualTo(phase));
    }

    [Test]
    public void A_pause_ends_updates_that_are_not_written_yet_and_is_no_failure_of_a_canary()
    {
        Report(Others);
        Report([Canary]);
        Assert.That(_rollout.GrantOf(Canary, _config), Is.Not.Null);

        _config = Config("one", Stages.Replace("{ \"canary\"", "{ \"paused\": true, \"canary\"", StringComparison.Ordinal));
        Report([Canary, .. Others]);
        Assert.That((_rollout.GrantOf(Canary, _config), Phase), Is.EqualTo(((RolloutGrant?)null, RolloutPhase.Paused)));

        _time.Advance(TimeSpan.FromHours(1));
        _config = Config("one", Stages);
        Report([Canary, .. Others]);
        Assert.That(Phase, Is.EqualTo(RolloutPhase.Progressing));
        Assert.That(_updates, Is.EqualTo([Canary, Canary]));
    }

    [TestCase("""{ "canary": { "selector": { "matchExpressions": [{ "key": "stage", "operator": "In" }] } } }""", "before")]
    [TestCase("{}", null, Description = "there are no canaries")]
    public void While_the_settings_are_invalid_new_OCMs_use_the_revision_before(string rollout, string? expected)
    {
        _config = Config("one", rollout);
        Report([Canary, .. Others]);

        Assert.That(_rollout.StageOf(isCanary: false, _config), Is.EqualTo(expected ?? _config.Revision));
    }

    public void Dispose() => _rollout.Dispose();

    private static InstallConfig Config(string level, string rollout) => An.Config(
        $$"""{ "chartURL": "registry.example.com/chart", "values": { "level": "{{level}}" }, "rollout": {{rollout}} }""");

    private void Report(IEnumerable<ObjectKey> ocms, bool isUpdated = false, bool isReady = true, bool isHeld = false, DateTimeOffset? update = null)
    {
        foreach (var ocm in ocms)
        {
            var member = new RolloutMember(ocm, isUpdated, isReady, _time.GetUtcNow().AddDays(-1))
            {
                IsCanary = ocm == Canary && _config.Rollout.Canary is not null,
                IsHeld = isHeld,
                UpdatedAt = update,
                WasReady = update is not null,
            };
            _rollout.Report(ocm, new RolloutPosition(_config, isUpdated ? _config.Revision : "before", member));
        }
    }
}
