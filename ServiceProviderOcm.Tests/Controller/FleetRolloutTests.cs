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

    private static readonly InstallConfig Config = An.Config("""{ "chartURL": "registry.example.com/chart" }""");

    private readonly SlowClock _time = new();
    private readonly FleetRollout _rollout;
    private int _changes;

    public FleetRolloutTests()
    {
        _rollout = new FleetRollout(() => Config, () => Total, _ => true, () => null, _ => { }, () => _changes++, _time);
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

    public void Dispose() => _rollout.Dispose();

    private void Report(bool isReady)
    {
        for (var number = 0; number < Total; number++)
        {
            var ocm = new ObjectKey("ws", $"mcp-{number:000}");
            _rollout.Report(ocm, new RolloutPosition(
                Config, Config.Revision, new RolloutMember(ocm, IsUpdated: true, isReady, _time.GetUtcNow().AddDays(-1))));
        }
    }

    /// <summary>To read it takes a millisecond.</summary>
    private sealed class SlowClock : FakeTimeProvider
    {
        private long _reads;

        public override long GetTimestamp() => base.GetTimestamp() + (++_reads * (TimestampFrequency / 1000));
    }
}
