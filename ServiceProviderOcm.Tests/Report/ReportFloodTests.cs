using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Report;

/// <summary>An OCM whose state changes with each reconciliation, as often as these follow each other.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReportFloodTests
{
    private const int Flips = 10_000;

    private static readonly ObjectKey Key = new("project-team", "alpha");
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly FakeTimeProvider _time = new();
    private readonly Reporter _reporter;
    private string _written = "";
    private int _statuses;
    private int _events;

    public ReportFloodTests()
    {
        var onboarding = new Mock<IKubernetesApi>();
        onboarding
            .Setup(api => api.MergePatchAsync(
                It.IsAny<ResourceKind>(), It.IsAny<ObjectKey>(), It.IsAny<JsonElement>(), "status", It.IsAny<CancellationToken>()))
            .ReturnsAsync((ResourceKind _, ObjectKey _, JsonElement patch, string _, CancellationToken _) => Written(patch.Text("state")!));
        onboarding
            .Setup(api => api.ApplyStatusAsync(It.IsAny<ResourceKind>(), It.IsAny<KubeObject>(), It.IsAny<CancellationToken>()))
            .Callback(() => Written("LimitExceeded"))
            .Returns(Task.CompletedTask);
        onboarding
            .Setup(api => api.CreateAsync(Kinds.Event, It.IsAny<KubeObject>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync((ResourceKind _, KubeObject @event, CancellationToken _) =>
            {
                _events++;
                return @event;
            });
        _reporter = new Reporter(
            onboarding.Object, An.Identity, new Store(), new ReportPace(2000, _time), _time, NullLogger<Reporter>.Instance);
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
            _reporter.Drop(Key);
            return StateAsync($"{flip}");
        });
    }

    private async Task FloodAsync(int flips, Func<int, Task<(string State, ReportResult Result)>> reconcileAsync)
    {
        for (var flip = 0; flip < flips; flip++)
        {
            await reconcileAsync(flip);
            _time.Advance(Interval);
        }

        var most = ReportPace.OcmBurst + (flips * Interval / ReportPace.OcmInterval);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_statuses, Is.LessThanOrEqualTo(most).And.GreaterThan(most * 0.9));
            Assert.That(_events, Is.EqualTo(_statuses));
        }

        var (state, last) = await reconcileAsync(flips - 1);
        Assert.That(last.RequeueAfter, Is.LessThanOrEqualTo(ReportPace.OcmInterval));
        _time.Advance(last.RequeueAfter);
        await reconcileAsync(flips - 1);
        Assert.That(_written, Is.EqualTo(state));
    }

    private async Task<(string State, ReportResult Result)> StateAsync(string state)
    {
        var report = _written == state
            ? OcmReport.UpToDate
            : new OcmReport(JsonElement.Parse($$"""{ "state": "{{state}}" }"""), TimeSpan.Zero) { ReadyEvent = KubeObject.Parse("{}") };
        return (state, await _reporter.ReportAsync(Key, report, isPassing: false, default));
    }

    private async Task<(string State, ReportResult Result)> OverLimitAsync(int limit = 5)
    {
        var excess = new LimitExcess($"A{limit}", $"a {limit} takes", 9, limit) { FlagPrefix = "--max-" };
        return (
            "LimitExceeded",
            await _reporter.ReportUnreadableAsync(new UnreadableObject(Key, "u", "1", excess.Describe(null)) { Excess = excess }, default));
    }

    private KubeObject Written(string state)
    {
        _statuses++;
        _written = state;
        return KubeObject.Parse("""{ "metadata": { "namespace": "project-team", "name": "alpha", "resourceVersion": "9" } }""");
    }
}
