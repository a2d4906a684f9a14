using System.Text.Json;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Tests.Plan;

namespace ServiceProviderOcm.Tests.Report;

public sealed class StatusReportTests
{
    private const string Before = "2026-01-01T00:00:00Z";
    private const string Now = "2026-06-01T12:00:00Z";

    private static readonly Verdict Ready = Verdict.Ready("All is well.");
    private static readonly Verdict Waiting = Verdict.Waiting("Pending", "Soon.");
    private static readonly Verdict Fault = Verdict.Fault("Broken", "Mend it.");

    [Test]
    public void A_first_report_says_everything()
    {
        var report = StatusReport.Of(An.Observation(), Waiting)!;

        PlanReading.IsJson(
            report.StatusPatch,
            $$"""
            {
              "metadata": { "resourceVersion": "7" },
              "status": {
                "observedGeneration": 3,
                "phase": "Progressing",
                "conditions": [
                  {
                    "type": "Ready",
                    "status": "False",
                    "reason": "Pending",
                    "message": "Soon.",
                    "observedGeneration": 3,
                    "lastTransitionTime": "{{Now}}"
                  }
                ],
                "resources": []
              }
            }
            """);
    }

    [TestCaseSource(nameof(Verdicts))]
    public void Nothing_is_written_that_is_there_already(Verdict verdict) => Assert.That(StatusReport.Of(Told(verdict), verdict), Is.Null);

    [Test]
    public void Empty_resources_that_the_server_does_not_keep_are_no_news() => Assert.That(
        StatusReport.Of(Told(Ready).WithOcm("""{ "status": { "resources": null } }"""), Ready), Is.Null);

    [Test]
    public void What_else_is_in_the_status_is_no_news() =>
        Assert.That(StatusReport.Of(Told(Ready).WithOcm("""{ "status": { "more": 1 } }"""), Ready), Is.Null);

    [Test]
    public void The_transition_time_stays_while_the_condition_stays()
    {
        Assert.That(TransitionTime(StatusReport.Of(Told(Waiting), Fault)!), Is.EqualTo(Before));
        Assert.That(TransitionTime(StatusReport.Of(Told(Waiting), Waiting with { Message = "Later." })!), Is.EqualTo(Before));
    }

    [Test]
    public void The_transition_time_moves_when_the_condition_flips()
    {
        Assert.That(TransitionTime(StatusReport.Of(Told(Waiting), Ready)!), Is.EqualTo(Now));
        Assert.That(TransitionTime(StatusReport.Of(Told(Ready), Fault)!), Is.EqualTo(Now));
    }

    [Test]
    public void A_transition_time_that_is_missing_is_set()
    {
        var observation = Told(Waiting).WithOcm(
            """{ "status": { "conditions": [{ "type": "Ready", "status": "False", "reason": "Pending", "message": "Soon." }] } }""");

        Assert.That(TransitionTime(StatusReport.Of(observation, Waiting)!), Is.EqualTo(Now));
    }

    [TestCaseSource(nameof(Verdicts))]
    public void The_generation_that_was_looked_at_is_always_told(Verdict verdict)
    {
        var report = StatusReport.Of(Told(verdict).WithOcm("""{ "metadata": { "generation": 4 } }"""), verdict)!;

        var status = report.StatusPatch.At("status")!.Value;
        Assert.That(status.Number("observedGeneration"), Is.EqualTo(4));
        Assert.That(Condition(report).Number("observedGeneration"), Is.EqualTo(4));
        Assert.That(TransitionTime(report), Is.EqualTo(Before));
        Assert.That(report.Event, Is.Null);
        Assert.That(report.Patience, Is.GreaterThan(TimeSpan.Zero));
    }

    [TestCase(true, "True", "Ready")]
    [TestCase(false, "False", "Terminating")]
    public void Only_the_phase_Ready_is_a_condition_that_is_met(bool isReady, string status, string phase)
    {
        var report = StatusReport.Of(An.Observation(), isReady ? Ready : Fault with { Phase = Phase.Terminating })!;

        Assert.That(Condition(report).Text("status"), Is.EqualTo(status));
        Assert.That(report.StatusPatch.Text("status", "phase"), Is.EqualTo(phase));
    }

    [Test]
    public void That_it_has_begun_is_not_urgent() => Assert.That(StatusReport.Of(An.Observation(), Waiting)!.Patience, Is.GreaterThan(TimeSpan.Zero));

    [Test]
    public void That_it_is_ready_is_urgent_at_once() => Assert.That(StatusReport.Of(An.Observation(), Ready)!.Patience, Is.EqualTo(TimeSpan.Zero));

    [Test]
    public void How_far_it_has_got_is_not_urgent() => Assert.That(StatusReport.Of(Told(Waiting), Fault)!.Patience, Is.GreaterThan(TimeSpan.Zero));

    [Test]
    public void That_it_becomes_ready_or_no_longer_is_is_urgent()
    {
        Assert.That(StatusReport.Of(Told(Waiting), Ready)!.Patience, Is.EqualTo(TimeSpan.Zero));
        Assert.That(StatusReport.Of(Told(Ready), Waiting)!.Patience, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void That_it_is_being_deleted_is_urgent() =>
        Assert.That(StatusReport.Of(Told(Waiting), Waiting with { Phase = Phase.Terminating })!.Patience, Is.EqualTo(TimeSpan.Zero));

    [Test]
    public void A_condition_of_another_type_says_nothing_of_ours()
    {
        var observation = An.Observation().WithOcm(
            $$"""{ "status": { "conditions": [{ "type": "Other", "status": "False", "lastTransitionTime": "{{Before}}" }] } }""");

        Assert.That(TransitionTime(StatusReport.Of(observation, Waiting)!), Is.EqualTo(Now));
    }

    [Test]
    public void Messages_fit_into_a_condition_and_into_an_Event()
    {
        var report = StatusReport.Of(An.Observation(), Fault with { Message = new string('m', 40_000) })!;

        Assert.That(Condition(report).Text("message"), Has.Length.EqualTo(32_768));
        Assert.That(report.Event!.Json.Text("note"), Has.Length.EqualTo(1024));
    }

    [Test]
    public void A_message_that_was_cut_is_no_news_the_next_time()
    {
        var verdict = Fault with { Message = new string('m', 32_767) + "😀" };

        Assert.That(StatusReport.Of(Told(verdict), verdict), Is.Null);
    }

    [Test]
    public void Resources_that_change_are_news_without_an_Event()
    {
        var observation = Told(Waiting) with { HelmRelease = An.Observation().Complete().HelmRelease };

        var report = StatusReport.Of(observation, Waiting)!;

        Assert.That(report.StatusPatch.Items("status", "resources").Count(), Is.EqualTo(1));
        Assert.That(report.Event, Is.Null);
        Assert.That(report.Patience, Is.GreaterThan(TimeSpan.Zero));
    }

    private static IEnumerable<Verdict> Verdicts() => [Ready, Waiting, Fault, Fault with { Phase = Phase.Terminating }];

    /// <summary>An OCM that says so already, since long ago.</summary>
    private static Observation Told(Verdict verdict)
    {
        var observation = An.Observation();
        var told = StatusReport.Of(observation with { Now = DateTimeOffset.Parse(Before, System.Globalization.CultureInfo.InvariantCulture) }, verdict)!;
        return observation.WithOcm(told.StatusPatch.GetRawText());
    }

    private static JsonElement Condition(OcmReport report) => report.StatusPatch.Items("status", "conditions").Single();

    private static string? TransitionTime(OcmReport report) => Condition(report).Text("lastTransitionTime");
}
