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

public sealed class ReporterTests
{
    private static readonly ObjectKey Key = new("project-team", "alpha");
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly Store _ocms = new();
    private Mock<IKubernetesApi> _onboarding = null!;
    private Reporter _reporter = null!;

    [SetUp]
    public void Create()
    {
        _onboarding = new Mock<IKubernetesApi>();
        _onboarding
            .Setup(api => api.MergePatchAsync(
                It.IsAny<ResourceKind>(), It.IsAny<ObjectKey>(), It.IsAny<JsonElement>(), "status", It.IsAny<CancellationToken>()))
            .ReturnsAsync(KubeObject.Parse("""{ "metadata": { "namespace": "project-team", "name": "alpha", "resourceVersion": "9" } }"""));
        _reporter = new Reporter(_onboarding.Object, An.Identity.Api, _ocms, _time, NullLogger<Reporter>.Instance);
    }

    [Test]
    public async Task An_urgent_status_is_written_at_once_with_its_Event_and_recorded_in_the_store()
    {
        Assert.That(await ReportAsync(TimeSpan.Zero, withEvent: true), Is.EqualTo(ReportResult.Written));

        StatusWrites(Times.Once());
        EventWrites(Times.Once());
        Assert.That(_ocms.Get(Key)!.ResourceVersion, Is.EqualTo("9"));
    }

    [Test]
    public async Task A_debounced_status_is_written_after_the_delay()
    {
        Assert.That(await ReportAsync(Second), Is.EqualTo(ReportResult.Debounced(Second)));
        _time.Advance(Second / 4);
        Assert.That(await ReportAsync(Second), Is.EqualTo(ReportResult.Debounced(Second * 0.75)));
        StatusWrites(Times.Never());

        _time.Advance(Second);
        Assert.That(await ReportAsync(Second), Is.EqualTo(ReportResult.Written));
        StatusWrites(Times.Once());
    }

    [Test]
    public async Task A_status_that_is_superseded_within_the_delay_is_not_written()
    {
        await ReportAsync(Second);
        await _reporter.ReportAsync(Key, OcmReport.UpToDate, isPassing: false, default);
        _time.Advance(Second);

        Assert.That(await ReportAsync(Second), Is.EqualTo(ReportResult.Debounced(Second)), "the next news waits for itself");
        StatusWrites(Times.Never());
    }

    [Test]
    public async Task An_urgent_status_with_a_transient_cause_is_debounced()
    {
        Assert.That(await ReportAsync(TimeSpan.Zero, isPassing: true), Is.EqualTo(ReportResult.Debounced(StatusReport.DebounceDelay)));
        _time.Advance(StatusReport.DebounceDelay);
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
        _onboarding
            .Setup(api => api.CreateAsync(Kinds.Event, It.IsAny<KubeObject>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new KubernetesApiException(403, "Forbidden", "no"));

        Assert.That(await ReportAsync(TimeSpan.Zero, withEvent: true), Is.EqualTo(ReportResult.Written));
    }

    private Task<ReportResult> ReportAsync(TimeSpan debounceDelay, bool withEvent = false, bool isPassing = false)
    {
        var report = new OcmReport(JsonElement.Parse("""{ "status": {} }"""), debounceDelay);
        return _reporter.ReportAsync(Key, withEvent ? report with { ReadyEvent = KubeObject.Parse("{}") } : report, isPassing, default);
    }

    private void Fails(int code) => _onboarding
        .Setup(api => api.MergePatchAsync(
            It.IsAny<ResourceKind>(), It.IsAny<ObjectKey>(), It.IsAny<JsonElement>(), "status", It.IsAny<CancellationToken>()))
        .ThrowsAsync(new KubernetesApiException(code, "Reason", "no"));

    private void StatusWrites(Times times) => _onboarding.Verify(
        api => api.MergePatchAsync(An.Identity.Api.Ocm, Key, It.IsAny<JsonElement>(), "status", It.IsAny<CancellationToken>()), times);

    private void EventWrites(Times times) => _onboarding.Verify(
        api => api.CreateAsync(Kinds.Event, It.IsAny<KubeObject>(), It.IsAny<CancellationToken>()), times);
}
