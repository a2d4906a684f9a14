using System.Text.Json;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Report;

public sealed class StatusReportTests
{
    private const string Before = "2026-01-01T00:00:00Z";
    private const string Now = "2026-06-01T12:00:00Z";

    private static readonly ReadyStatus Ready = new(OcmState.Ready, "All is well.");
    private static readonly ReadyStatus Pending = new(OcmState.AwaitingAccess, "Soon.");
    private static readonly ReadyStatus Degraded = new(OcmState.AccessDenied, "Fix it.");

    [Test]
    public void The_first_report_sets_all_fields()
    {
        var report = StatusReport.Of(An.Observation(), Pending);

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
                    "reason": "AccessRequestPending",
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

    [TestCase(OcmState.DeletionBlocked, Reasons.RepositoriesExist)]
    [TestCase(OcmState.DeletionBlockedByOtherKinds, Reasons.UserResourcesPresent)]
    public void A_blocked_deletion_has_a_condition_of_its_own_until_it_continues(OcmState state, string reason)
    {
        var blocked = new ReadyStatus(state, "2 objects.") { IsBeingDeleted = true };
        var observation = Reported(blocked);

        Assert.That(
            Conditions(observation.Ocm!.Json),
            Is.EqualTo([$"Ready=False {reason}: 2 objects.", "DeletionBlocked=True UserResourcesPresent: 2 objects."]));
        Assert.That(
            Conditions(StatusReport.Of(observation, Pending with { IsBeingDeleted = true }).StatusPatch),
            Is.EqualTo(["Ready=False AccessRequestPending: Soon."]));
    }

    [Test]
    public void Conditions_of_other_managers_stay_as_they_are_and_do_not_change_the_phase()
    {
        var observation = An.Observation().WithOcm(
            $$"""
            { "status": { "conditions": [
                { "type": "Theirs", "status": "False", "reason": "No", "message": "theirs", "lastTransitionTime": "{{Before}}" },
                { "type": "Ready", "status": "False", "reason": "Old", "message": "old" },
                { "type": "Paused", "status": "Unknown", "reason": "Who", "message": "knows" } ] } }
            """);

        var patch = StatusReport.Of(observation, Ready).StatusPatch;

        Assert.That(
            Conditions(patch),
            Is.EqualTo(["Theirs=False No: theirs", "Ready=True ReconcileSuccess: All is well.", "Paused=Unknown Who: knows"]));
        Assert.That(patch.Items("status", "conditions").First().Text("lastTransitionTime"), Is.EqualTo(Before));
        Assert.That(patch.Text("status", "phase"), Is.EqualTo("Ready"));
    }

    [TestCaseSource(nameof(Statuses))]
    public void A_reported_status_is_not_written_again(ReadyStatus status) =>
        Assert.That(StatusReport.Of(Reported(status), status).HasChanges, Is.False);

    [Test]
    public void Conditions_of_other_managers_are_preserved_in_their_order()
    {
        const string Others = """
            { "status": { "conditions": [
              { "type": "Audited", "status": "True", "reason": "Yes", "message": "", "lastTransitionTime": "2026-01-01T00:00:00Z" },
              { "type": "Ready", "status": "True", "reason": "Old", "message": "", "lastTransitionTime": "2026-01-01T00:00:00Z" },
              { "type": "Billed", "status": "False", "reason": "No", "message": "", "lastTransitionTime": "2026-01-01T00:00:00Z" }] } }
            """;
        var observation = An.Observation().WithOcm(Others);

        var patch = StatusReport.Of(observation, Degraded).StatusPatch;

        var written = patch.Items("status", "conditions").Select(condition => $"{condition.Text("type")} {condition.Text("reason")}");
        Assert.That(written, Is.EqualTo((string[])["Audited Yes", $"Ready {Degraded.Reason}", "Billed No"]));
        var after = observation.WithOcm(new System.Text.Json.Nodes.JsonObject
        {
            ["status"] = System.Text.Json.Nodes.JsonNode.Parse(patch.At("status")!.Value.GetRawText()),
        }.ToJsonString());
        Assert.That(StatusReport.Of(after, Degraded).HasChanges, Is.False);
    }

    [TestCase("two", true, Description = "an update that does not change Ready, such as of the name of the CA bundle's ConfigMap")]
    [TestCase("one", false)]
    [TestCase(null, false)]
    public void The_revision_that_the_objects_name_is_written_without_another_change(string? revision, bool isWritten)
    {
        var before = An.Observation().Complete().At("one");
        var reported = before.WithOcm(StatusReport.Of(before, Ready).StatusPatch.GetRawText());

        var report = StatusReport.Of(reported.At(revision), Ready);

        Assert.That(report.HasChanges, Is.EqualTo(isWritten));
        Assert.That(
            StatusReport.Of(reported.WithOcm("""{ "status": { "revision": null } }""").At(revision), Ready).HasChanges,
            Is.False,
            "a server whose CRD has no such field drops it");
        Assert.That(reported.Ocm!.Json.Text("status", "revision"), Is.EqualTo("one"));
        Assert.That(isWritten ? report.StatusPatch.Text("status", "revision") : revision, Is.EqualTo(revision));
    }

    [Test]
    public void Empty_resources_that_the_server_drops_are_not_written_again() => Assert.That(
        StatusReport.Of(Reported(Ready).WithOcm("""{ "status": { "resources": null } }"""), Ready).HasChanges, Is.False);

    [Test]
    public void Unknown_fields_in_the_status_cause_no_write() =>
        Assert.That(StatusReport.Of(Reported(Ready).WithOcm("""{ "status": { "more": 1 } }"""), Ready).HasChanges, Is.False);

    [Test]
    public void The_transition_time_stays_while_the_condition_stays()
    {
        Assert.That(TransitionTime(StatusReport.Of(Reported(Pending), Degraded)), Is.EqualTo(Before));
        Assert.That(TransitionTime(StatusReport.Of(Reported(Pending), Pending with { Message = "Later." })), Is.EqualTo(Before));
    }

    [Test]
    public void The_transition_time_moves_when_the_condition_flips()
    {
        Assert.That(TransitionTime(StatusReport.Of(Reported(Pending), Ready)), Is.EqualTo(Now));
        Assert.That(TransitionTime(StatusReport.Of(Reported(Ready), Degraded)), Is.EqualTo(Now));
    }

    [Test]
    public void A_transition_time_that_is_missing_is_set()
    {
        var observation = Reported(Pending).WithOcm(
            """{ "status": { "conditions": [{ "type": "Ready", "status": "False", "reason": "AccessRequestPending", "message": "Soon." }] } }""");

        Assert.That(TransitionTime(StatusReport.Of(observation, Pending)), Is.EqualTo(Now));
    }

    [TestCaseSource(nameof(Statuses))]
    public void The_observed_generation_is_always_reported(ReadyStatus status)
    {
        var report = StatusReport.Of(Reported(status).WithOcm("""{ "metadata": { "generation": 4 } }"""), status);

        Assert.That(report.StatusPatch.Number("status", "observedGeneration"), Is.EqualTo(4));
        Assert.That(Condition(report).Number("observedGeneration"), Is.EqualTo(4));
        Assert.That(TransitionTime(report), Is.EqualTo(Before));
        Assert.That(report.ReadyEvent, Is.Null);
        Assert.That(report.DebounceDelay, Is.GreaterThan(TimeSpan.Zero));
    }

    [TestCase(false, 3)]
    [TestCase(true, 4)]
    public void A_change_that_a_limit_holds_up_stays_unobserved_unless_the_OCM_is_deleted(bool isBeingDeleted, int observed)
    {
        var observation = Changed() with { ExceededLimit = new ExceededLimit("n", "s", 2, 3) };

        var report = StatusReport.Of(observation, new ReadyStatus(OcmState.LimitExceeded, "Too many.") { IsBeingDeleted = isBeingDeleted });

        Assert.That(
            (report.StatusPatch.Number("status", "observedGeneration"), Condition(report).Number("observedGeneration")),
            Is.EqualTo(((long?)observed, (long?)4)));
    }

    [TestCase(false, 3)]
    [TestCase(true, 4)]
    public void A_change_stays_unobserved_while_the_platform_cluster_cannot_be_read(bool isBeingDeleted, int observed)
    {
        var error = new KubernetesApiException(503, "ServiceUnavailable", "refused");
        var observation = Changed() with
        {
            StaleSources = [new StaleSource.Unreadable("platform cluster", PlatformKinds.HelmRelease, error)],
        };

        var report = StatusReport.Of(observation, Planner.Plan(observation).Status with { IsBeingDeleted = isBeingDeleted });

        Assert.That(
            (Condition(report).Text("reason"), report.StatusPatch.Number("status", "observedGeneration")),
            Is.EqualTo((Reasons.PlatformUnavailable, (long?)observed)));
    }

    [TestCase(true, 3)]
    [TestCase(false, 4)]
    public void A_change_stays_unobserved_until_an_object_records_it(bool isUnrecorded, int observed)
    {
        var observation = Changed() with { Revision = new TenantRevision(RevisionMarks.None) { IsChangeUnrecorded = isUnrecorded } };

        Assert.That(StatusReport.Of(observation, Degraded).StatusPatch.Number("status", "observedGeneration"), Is.EqualTo(observed));
    }

    [TestCase(true, "True", "Ready")]
    [TestCase(false, "False", "Terminating")]
    public void Only_Ready_sets_the_condition_to_True(bool isReady, string status, string phase)
    {
        var report = StatusReport.Of(An.Observation(), isReady ? Ready : Degraded with { IsBeingDeleted = true });

        Assert.That(Condition(report).Text("status"), Is.EqualTo(status));
        Assert.That(report.StatusPatch.Text("status", "phase"), Is.EqualTo(phase));
    }

    [Test]
    public void The_first_pending_state_is_debounced() => Assert.That(StatusReport.Of(An.Observation(), Pending).DebounceDelay, Is.GreaterThan(TimeSpan.Zero));

    [Test]
    public void Ready_is_written_at_once() => Assert.That(StatusReport.Of(An.Observation(), Ready).DebounceDelay, Is.EqualTo(TimeSpan.Zero));

    [Test]
    public void Progress_is_debounced() => Assert.That(StatusReport.Of(Reported(Pending), Degraded).DebounceDelay, Is.GreaterThan(TimeSpan.Zero));

    [Test]
    public void A_transition_to_or_from_Ready_is_written_at_once()
    {
        Assert.That(StatusReport.Of(Reported(Pending), Ready).DebounceDelay, Is.EqualTo(TimeSpan.Zero));
        Assert.That(StatusReport.Of(Reported(Ready), Pending).DebounceDelay, Is.EqualTo(TimeSpan.Zero));
    }

    [TestCase(OcmState.DeletionBlocked)]
    [TestCase(OcmState.DeletionBlockedByOtherKinds)]
    public void The_beginning_and_the_end_of_a_blocked_deletion_are_written_at_once(OcmState state)
    {
        var blocked = new ReadyStatus(state, "2 objects.") { IsBeingDeleted = true };
        var uninstalling = new ReadyStatus(OcmState.Uninstalling, "Soon.") { IsBeingDeleted = true };

        Assert.That(StatusReport.Of(Reported(uninstalling), blocked).DebounceDelay, Is.EqualTo(TimeSpan.Zero));
        Assert.That(StatusReport.Of(Reported(blocked), uninstalling).DebounceDelay, Is.EqualTo(TimeSpan.Zero));
        Assert.That(StatusReport.Of(Reported(blocked), blocked with { Message = "1 object." }).DebounceDelay, Is.GreaterThan(TimeSpan.Zero));
    }

    [Test]
    public void A_transition_to_Terminating_is_written_at_once() =>
        Assert.That(StatusReport.Of(Reported(Pending), Pending with { IsBeingDeleted = true }).DebounceDelay, Is.EqualTo(TimeSpan.Zero));

    [Test]
    public void A_condition_of_another_type_does_not_count()
    {
        var observation = An.Observation().WithOcm(
            $$"""{ "status": { "conditions": [{ "type": "Other", "status": "False", "lastTransitionTime": "{{Before}}" }] } }""");

        Assert.That(TransitionTime(StatusReport.Of(observation, Pending)), Is.EqualTo(Now));
    }

    [Test]
    public void Messages_fit_into_a_condition_and_into_an_Event()
    {
        var report = StatusReport.Of(An.Observation(), Degraded with { Message = new string('m', 40_000) });

        Assert.That(Condition(report).Text("message"), Has.Length.EqualTo(32_768));
        Assert.That(report.ReadyEvent!.Json.Text("note"), Has.Length.EqualTo(1024));
    }

    [Test]
    public void A_truncated_message_is_not_written_again()
    {
        var status = Degraded with { Message = new string('m', 32_767) + "😀" };

        Assert.That(StatusReport.Of(Reported(status), status).HasChanges, Is.False);
    }

    [Test]
    public void A_change_of_resources_is_written_without_an_Event()
    {
        var observation = Reported(Pending) with { HelmRelease = An.Observation().Complete().HelmRelease };

        var report = StatusReport.Of(observation, Pending);

        Assert.That(report.StatusPatch.Items("status", "resources").Count(), Is.EqualTo(1));
        Assert.That(report.ReadyEvent, Is.Null);
        Assert.That(report.DebounceDelay, Is.GreaterThan(TimeSpan.Zero));
    }

    [TestCaseSource(nameof(Unreported))]
    public void An_unreported_state_causes_no_write(OcmState state) =>
        Assert.That(StatusReport.Of(An.Observation(), ReadyStatus.Unreported(state)).HasChanges, Is.False);

    private static IEnumerable<OcmState> Unreported() => Enum.GetValues<OcmState>().Where(state => OcmStates.HealthOf(state) == Health.Unreported);

    private static IEnumerable<ReadyStatus> Statuses() => [Ready, Pending, Degraded, Degraded with { IsBeingDeleted = true }];

    /// <summary>An OCM that already has this status, since long ago.</summary>
    private static Observation Reported(ReadyStatus status)
    {
        var observation = An.Observation();
        var reported = StatusReport.Of(observation with { Now = DateTimeOffset.Parse(Before, System.Globalization.CultureInfo.InvariantCulture) }, status);
        return observation.WithOcm(reported.StatusPatch.GetRawText());
    }

    private static Observation Changed() => Reported(Ready).WithOcm("""{ "metadata": { "generation": 4 } }""");

    private static JsonElement Condition(OcmReport report) =>
        report.StatusPatch.Items("status", "conditions").Single(condition => condition.Text("type") == "Ready");

    private static IEnumerable<string> Conditions(JsonElement owner) => owner.Items("status", "conditions").Select(condition =>
        $"{condition.Text("type")}={condition.Text("status")} {condition.Text("reason")}: {condition.Text("message")}");

    private static string? TransitionTime(OcmReport report) => Condition(report).Text("lastTransitionTime");
}
