using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Moq;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Report;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReporterTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ReporterSetup _setup = new();

    private FakeTimeProvider Time => _setup.Time;

    [Test]
    public async Task An_urgent_status_is_written_at_once_with_its_Event_and_recorded_in_the_store()
    {
        Assert.That(await ReportAsync(TimeSpan.Zero, withEvent: true), Is.EqualTo(ReportResult.Written));

        StatusWrites(Times.Once());
        EventWrites(Times.Once());
        Assert.That(_setup.Ocms.Get(ReporterSetup.Key)!.ResourceVersion, Is.EqualTo("9"));
    }

    [Test]
    public async Task A_debounced_status_is_written_after_the_delay()
    {
        Assert.That(await ReportAsync(Second), Is.EqualTo(ReportResult.Debounced(Second)));
        Time.Advance(Second / 4);
        Assert.That(await ReportAsync(Second), Is.EqualTo(ReportResult.Debounced(Second * 0.75)));
        StatusWrites(Times.Never());

        Time.Advance(Second);
        Assert.That(await ReportAsync(Second), Is.EqualTo(ReportResult.Written));
        StatusWrites(Times.Once());
    }

    [Test]
    public async Task A_status_that_is_superseded_within_the_delay_is_not_written()
    {
        await ReportAsync(Second);
        await _setup.Reporter.ReportAsync(ReporterSetup.Key, OcmReport.UpToDate, isPassing: false, default);
        Time.Advance(Second);

        Assert.That(await ReportAsync(Second), Is.EqualTo(ReportResult.Debounced(Second)), "the next news waits for itself");
        StatusWrites(Times.Never());
    }

    [Test]
    public async Task An_urgent_status_with_a_transient_cause_is_debounced()
    {
        Assert.That(await ReportAsync(TimeSpan.Zero, isPassing: true), Is.EqualTo(ReportResult.Debounced(StatusReport.DebounceDelay)));
        Time.Advance(StatusReport.DebounceDelay);
        Assert.That(await ReportAsync(TimeSpan.Zero, isPassing: true), Is.EqualTo(ReportResult.Written));
        StatusWrites(Times.Once());
    }

    [Test]
    public async Task Nothing_is_reported_on_an_OCM_that_does_not_exist()
    {
        Fails(404);

        Assert.That(await ReportAsync(TimeSpan.Zero, withEvent: true), Is.EqualTo(ReportResult.Unchanged));
        EventWrites(Times.Never());
    }

    [Test]
    public async Task An_error_of_the_status_write_is_thrown()
    {
        Fails(500);

        await Assert.ThrowsAsync<KubernetesApiException>(() => ReportAsync(TimeSpan.Zero));
    }

    [Test]
    public async Task An_error_of_the_Event_write_is_not_thrown()
    {
        _setup.Onboarding
            .Setup(api => api.CreateAsync(Kinds.Event, It.IsAny<KubeObject>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new KubernetesApiException(403, "Forbidden", "no"));

        Assert.That(await ReportAsync(TimeSpan.Zero, withEvent: true), Is.EqualTo(ReportResult.Written));
    }

    [TestCase("a takes 7 bytes, and the limit is 5 (--max-a)", 2, 0, 0, TestName = "A_limit_that_the_status_reports_already_is_not_reported_again")]
    [TestCase("a takes 7 bytes, and the limit is 5 (--max-a)", 1, 1, 0, TestName = "A_limit_that_the_status_reports_of_an_earlier_generation_has_no_other_Event")]
    [TestCase("a takes 7 bytes, and the limit is 6 (--max-a)", 2, 1, 1, TestName = "A_limit_that_has_changed_since_the_status_was_written_is_reported")]
    [TestCase("b takes 7 bytes, and the limit is 5 (--max-a)", 2, 1, 1, TestName = "Another_limit_than_the_status_reports_is_reported")]
    public async Task What_an_earlier_process_has_reported(string error, int generation, int statuses, int events)
    {
        var ocm = ReporterSetup.OverLimit() with
        {
            ReadyCondition = JsonElement.Parse($$"""
                {
                  "type": "Ready", "status": "False", "reason": "LimitExceeded", "observedGeneration": {{generation}},
                  "message": "{{OverLimitStatus.MessageOf(ReporterSetup.OverLimit() with { Error = error })}}"
                }
                """),
        };

        await _setup.Reporter.ReportUnreadableAsync(ocm, default);
        await _setup.Reporter.ReportUnreadableAsync(ocm, default);

        _setup.Onboarding.Verify(
            api => api.ApplyStatusAsync(An.Identity.Api.Ocm, It.IsAny<KubeObject>(), It.IsAny<CancellationToken>()), Times.Exactly(statuses));
        EventWrites(Times.Exactly(events));
    }

    [Test]
    public void An_error_has_the_same_Event_in_another_process()
    {
        var unreadable = ReporterSetup.OverLimit() with { Excess = null };

        var events = new[] { unreadable, unreadable, unreadable with { Error = "other" } }
            .Select((ocm, index) => UnreadableEvent.Of(An.Identity, ocm, An.Now.AddSeconds(index))).ToList();
        var names = events.Select(@event => @event.Name).ToList();

        Assert.That(names.Distinct(), Is.EqualTo([names[0], names[2]]));
        Assert.That(names, Is.All.Matches<string>(name => DnsNames.IsSubdomain(name!)));
        Assert.That(events.Select(@event => @event.Text("reportingInstance")), Is.All.EqualTo(An.Identity.ProviderName));
    }

    [TestCase(true, "Shorten it, or ask a platform operator to raise the limit.")]
    [TestCase(false, "Shorten it: the limit cannot be raised.")]
    public void Only_a_limit_that_is_a_setting_is_to_be_raised(bool isSetting, string fix)
    {
        var ocm = ReporterSetup.OverLimit();

        Assert.That(OverLimitStatus.MessageOf(ocm with { Excess = ocm.Excess! with { IsSetting = isSetting } }), Does.EndWith(fix));
    }

    [TestCase("", "Progressing")]
    [TestCase("2026-01-01T00:00:00Z", "Terminating")]
    public void The_status_of_an_OCM_beyond_a_limit_leaves_its_last_change_to_its_owner(string deletionTimestamp, string phase)
    {
        var status = OverLimitStatus.Of(
            An.Identity.Api,
            ReporterSetup.OverLimit() with
            {
                DeletionTimestamp = deletionTimestamp,
                ObservedGeneration = 1,
                ReadyCondition = JsonElement.Parse("""{ "type": "Ready", "status": "False", "lastTransitionTime": "2026-01-01T00:00:00Z" }"""),
            },
            An.Now);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(status.Text("status", "phase"), Is.EqualTo(phase));
            Assert.That(status.Json.Number("status", "observedGeneration"), Is.EqualTo(1));
            Assert.That(status.ReadyCondition.Number("observedGeneration"), Is.EqualTo(2));
            Assert.That(status.ReadyCondition.Text("lastTransitionTime"), Is.EqualTo("2026-01-01T00:00:00Z"));
        }
    }

    private Task<ReportResult> ReportAsync(TimeSpan debounceDelay, bool withEvent = false, bool isPassing = false)
    {
        var report = new OcmReport(JsonElement.Parse("""{ "status": {} }"""), debounceDelay);
        return _setup.Reporter.ReportAsync(ReporterSetup.Key, withEvent ? report with { ReadyEvent = KubeObject.Parse("{}") } : report, isPassing, default);
    }

    private void Fails(int code) => _setup.Onboarding
        .Setup(api => api.MergePatchAsync(
            It.IsAny<ResourceKind>(), It.IsAny<ObjectKey>(), It.IsAny<JsonElement>(), "status", It.IsAny<CancellationToken>()))
        .ThrowsAsync(new KubernetesApiException(code, "Reason", "no"));

    private void StatusWrites(Times times) => _setup.Onboarding.Verify(
        api => api.MergePatchAsync(An.Identity.Api.Ocm, ReporterSetup.Key, It.IsAny<JsonElement>(), "status", It.IsAny<CancellationToken>()), times);

    private void EventWrites(Times times) => _setup.Onboarding.Verify(
        api => api.CreateAsync(Kinds.Event, It.IsAny<KubeObject>(), It.IsAny<CancellationToken>()), times);
}
