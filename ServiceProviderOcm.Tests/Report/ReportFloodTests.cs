using System.Text.Json;
using Moq;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Report;

namespace ServiceProviderOcm.Tests.Report;

/// <summary>An OCM whose state changes with each reconciliation, as often as these follow each other.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReportFloodTests
{
    private const int Flips = 10_000;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly ReporterSetup _setup = new();
    private string _written = "";
    private int _statuses;
    private int _events;

    public ReportFloodTests()
    {
        _setup.OnStatus = patch => Written(patch.Text("state")!);
        _setup.Onboarding
            .Setup(api => api.ApplyStatusAsync(It.IsAny<ResourceKind>(), It.IsAny<KubeObject>(), It.IsAny<CancellationToken>()))
            .Callback(() => Written("LimitExceeded"))
            .Returns(Task.CompletedTask);
        _setup.Onboarding
            .Setup(api => api.CreateAsync(Kinds.Event, It.IsAny<KubeObject>(), It.IsAny<CancellationToken>()))
            .Callback(() => _events++)
            .ReturnsAsync(KubeObject.Parse("{}"));
    }

    [Test]
    public async Task Turns_from_and_to_Ready_are_written_at_the_pace_and_the_last_state_is_written([Values(Flips, Flips + 1)] int flips)
    {
        await FloodAsync(flips, flip => StateAsync(flip % 2 == 0 ? "Ready" : "Degraded"));
    }

    [Test]
    public async Task An_OCM_that_is_readable_every_other_time_is_reported_at_the_pace([Values(Flips, Flips + 1)] int flips)
    {
        await FloodAsync(flips, flip => flip % 2 == 0 ? StateAsync("Ready") : OverLimitAsync());
    }

    [Test]
    public async Task An_OCM_that_is_too_long_in_another_way_each_time_is_reported_at_the_pace()
    {
        await FloodAsync(Flips, flip => OverLimitAsync(flip));
    }

    [Test]
    public async Task An_OCM_that_is_deleted_and_created_again_has_no_more_turns()
    {
        await FloodAsync(Flips, flip =>
        {
            _setup.Reporter.Drop(ReporterSetup.Key);
            return StateAsync($"{flip}");
        });
    }

    private async Task FloodAsync(int flips, Func<int, Task<(string State, ReportResult Result)>> reconcileAsync)
    {
        for (var flip = 0; flip < flips; flip++)
        {
            await reconcileAsync(flip);
            _setup.Time.Advance(Interval);
        }

        var most = ReportPace.OcmBurst + (flips * Interval / ReportPace.OcmInterval);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_statuses, Is.LessThanOrEqualTo(most).And.GreaterThan(most * 0.9));
            Assert.That(_events, Is.EqualTo(_statuses));
        }

        var (state, last) = await reconcileAsync(flips - 1);
        Assert.That(last.RequeueAfter, Is.LessThanOrEqualTo(ReportPace.OcmInterval));
        _setup.Time.Advance(last.RequeueAfter);
        await reconcileAsync(flips - 1);
        Assert.That(_written, Is.EqualTo(state));
    }

    private async Task<(string State, ReportResult Result)> StateAsync(string state)
    {
        var report = _written == state
            ? OcmReport.UpToDate
            : new OcmReport(JsonElement.Parse($$"""{ "state": "{{state}}" }"""), TimeSpan.Zero) { ReadyEvent = KubeObject.Parse("{}") };
        return (state, await _setup.Reporter.ReportAsync(ReporterSetup.Key, report, isPassing: false, default));
    }

    private async Task<(string State, ReportResult Result)> OverLimitAsync(int limit = 5) =>
        ("LimitExceeded", await _setup.Reporter.ReportUnreadableAsync(ReporterSetup.OverLimit($"a {limit} takes", limit), default));

    private void Written(string state)
    {
        _statuses++;
        _written = state;
    }
}
