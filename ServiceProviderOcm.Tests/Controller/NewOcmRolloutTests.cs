using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Core.Rollout;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Controller;

/// <summary>A rollout while an OCM is new: its first reconciliation has not ended.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class NewOcmRolloutTests : IDisposable
{
    private static readonly ObjectKey[] Known = [new("ws", "known-1"), new("ws", "known-2")];
    private static readonly ObjectKey Late = new("ws", "late");

    private readonly FakeTimeProvider _time = new();
    private readonly List<ObjectKey> _updates = [];
    private readonly FleetRollout _rollout;
    private InstallConfig _config = Config(1);
    private IReadOnlyList<ObjectKey> _all = Known;
    private string? _installed = "";

    public NewOcmRolloutTests()
    {
        _rollout = new FleetRollout(
            () => _config,
            () => _all,
            _ => true,
            _ => new RolloutRecord(),
            (_, _) => false,
            (_, _, _) => false,
            _ => _installed,
            _updates.Add,
            () => { },
            _time);
    }

    [TestCase(null, true)]
    [TestCase("", false)]
    [TestCase("one", false)]
    public void An_OCM_that_was_never_reconciled_is_waited_for_only_if_something_may_be_installed(string? installed, bool isDecided)
    {
        (_all, _installed) = ([.. Known, Late], installed);

        Report(isUpdated: false);

        Assert.That(
            (_rollout.Status is not null, _updates.Count > 0, _rollout.RevisionsInUse is not null), Is.EqualTo((isDecided, isDecided, isDecided)));
    }

    [Test]
    public void The_revision_that_a_new_OCM_is_being_installed_at_stays_in_use_when_a_rollout_ends_meanwhile()
    {
        var first = _config.Revision;
        Report(isUpdated: true);
        (_config, _all) = (Config(2), [.. Known, Late]);
        Assert.That(_rollout.StageOf(Late, isCanary: false, _config), Is.EqualTo(first));
        _installed = first; // as soon as its first object is written

        Report(isUpdated: true);

        Assert.That((_rollout.Status!.Decision.Phase, _rollout.Current), Is.EqualTo((RolloutPhase.Complete, _config.Revision)));
        Assert.That(_rollout.RevisionsInUse, Is.EquivalentTo([first, _config.Revision]));
    }

    [Test]
    public void The_end_of_the_first_reconciliation_is_decided_on()
    {
        Report(isUpdated: true);
        _all = [.. Known, Late];

        _rollout.Report(Late, new RolloutPosition(_config, _rollout.StageOf(Late, isCanary: false, _config), Member: null));
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.That(_rollout.Status!.Total, Is.EqualTo(3));
    }

    public void Dispose() => _rollout.Dispose();

    private static InstallConfig Config(int value) => An.Config(
        $$"""
        {
          "chartURL": "registry.example.com/chart", "values": { "a": {{value}} },
          "rollout": { "canary": { "selector": { "matchLabels": { "stage": "canary" } } } }
        }
        """);

    private void Report(bool isUpdated)
    {
        foreach (var ocm in Known)
        {
            var member = new RolloutMember(ocm, isUpdated, IsReady: true, _time.GetUtcNow().AddDays(-1)) { IsCanary = ocm == Known[0] };
            _rollout.Report(ocm, new RolloutPosition(_config, _config.Revision, member));
        }

        _time.Advance(TimeSpan.FromSeconds(10));
    }
}
