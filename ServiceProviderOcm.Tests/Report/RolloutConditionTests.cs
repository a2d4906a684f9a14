using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Core.Rollout;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Report;

public sealed class RolloutConditionTests
{
    [TestCase(RolloutPhase.Complete, "{}", "True", "NewRevisionAvailable", "Normal")]
    [TestCase(RolloutPhase.Progressing, "{}", "True", "RolloutProgressing", "Normal")]
    [TestCase(RolloutPhase.Paused, """{ "rollout": { "paused": true } }""", "False", "RolloutPaused", "Normal")]
    [TestCase(RolloutPhase.CanaryFailed, "{}", "False", "ProgressDeadlineExceeded", "Warning")]
    [TestCase(RolloutPhase.TooManyFailures, "{}", "False", "ProgressDeadlineExceeded", "Warning")]
    [TestCase(RolloutPhase.TooManyUnavailable, "{}", "False", "ProgressDeadlineExceeded", "Warning")]
    [TestCase(RolloutPhase.NotOffered, "{}", "False", "ProgressDeadlineExceeded", "Warning")]
    public void Condition_and_Event_say_how_far_the_rollout_is(
        RolloutPhase phase, string spec, string status, string reason, string eventType)
    {
        var report = Report(Status(phase), spec);

        var condition = report.StatusPatch.Items("status", "conditions").Single(each => each.Text("type") == "Progressing");
        Assert.That((condition.Text("status"), condition.Text("reason")), Is.EqualTo((status, reason)));
        Assert.That(
            report.Events.Select(@event => $"{@event.Json.Text("type")} {@event.Json.Text("reason")}"), Does.Contain($"{eventType} {reason}"));
    }

    [Test]
    public void A_stalled_rollout_names_the_OCMs_that_failed_the_causes_and_what_to_do()
    {
        var message = Message(Report(Status(RolloutPhase.TooManyFailures, failed: 12), "{}"));

        Assert.That(message, Does.Contain("12 updates have failed (spec.rollout.maxFailures: 1)")
            .And.Contain("team/ocm-00 (Flux failed)").And.Contain("and 2 more").And.Contain("return to an earlier one"));
    }

    [Test]
    public void An_invalid_rollout_says_that_it_pauses() =>
        Assert.That(Message(Report(Status(RolloutPhase.Paused), """{ "rollout": { "maxFailures": -1 } }""")), Does.Contain("spec.rollout is invalid"));

    [Test]
    public void The_status_has_both_revisions_and_the_counts()
    {
        var status = Report(Status(RolloutPhase.Progressing), "{}").StatusPatch.At("status")!.Value;

        Assert.That((status.Text("currentRevision"), status.Text("updateRevision")), Is.EqualTo(("one", An.Config("{}").Revision)));
        Assert.That(
            (status.Number("ocms", "total"), status.Number("ocms", "updated"), status.Number("ocms", "unavailable")), Is.EqualTo((10, 3, 4)));
    }

    [TestCase("Progressing", "False", "ProgressDeadlineExceeded", "two", true)]
    [TestCase("Progressing", "False", "ProgressDeadlineExceeded", "one", false)]
    [TestCase("Progressing", "False", "RolloutPaused", "two", false)]
    [TestCase("Progressing", "True", "RolloutProgressing", "two", false)]
    [TestCase("Ready", "False", "ProgressDeadlineExceeded", "two", false)]
    public void A_rollout_is_stalled_since_its_condition_says_so_of_its_revision(
        string type, string status, string reason, string revision, bool isStalled)
    {
        var config = An.ProviderConfig("{}").Patched(
            $$"""
            { "status": { "updateRevision": "{{revision}}", "conditions": [
              { "type": "{{type}}", "status": "{{status}}", "reason": "{{reason}}", "lastTransitionTime": "2026-01-01T00:00:00Z" } ] } }
            """);

        Assert.That(
            RolloutRecord.Of(config, "two").StalledSince,
            Is.EqualTo(isStalled ? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) : (DateTimeOffset?)null));
        Assert.That(RolloutRecord.Of(null, "two").StalledSince, Is.Null);
    }

    [Test]
    public void The_canaries_that_have_failed_are_read_from_the_status_as_long_as_the_revision_is_the_same()
    {
        var status = Status(RolloutPhase.CanaryFailed, failed: 150);
        status = status with { Decision = status.Decision with { Failed = [.. status.Decision.Failed.Select(member => member with { IsCanary = true })] } };
        var config = An.ProviderConfig("{}").Patched($$"""{ "status": {{Report(status, "{}").StatusPatch.At("status")!.Value.GetRawText()}} }""");

        var record = RolloutRecord.Of(config, An.Config("{}").Revision);

        Assert.That(record.FailedCanaries, Is.EqualTo(status.Decision.FailedCanaries.Take(100)));
        Assert.That(record.CurrentRevision, Is.EqualTo("one"));
        Assert.That(RolloutRecord.Of(config, "another").FailedCanaries, Is.Empty);
    }

    [Test]
    public void A_rollout_that_unavailable_OCMs_block_names_some_of_them_and_the_causes()
    {
        var status = Status(RolloutPhase.TooManyUnavailable, failed: 0);
        var blocking = new RolloutMember(new ObjectKey("team", "blocking"), IsUpdated: false, IsReady: false, An.Now) { Message = "Waiting for Flux." };
        var message = Message(Report(status with { Decision = status.Decision with { Blocking = [blocking] } }, "{}"));

        Assert.That(message, Does.Contain("team/blocking (Waiting for Flux) and 3 more").And.Contain("raise maxUnavailable"));
    }

    [TestCase(0, true)]
    [TestCase(1, false)]
    public void A_selector_of_canaries_that_matches_none_is_reported(int canaries, bool isReported)
    {
        var status = Status(RolloutPhase.Progressing, failed: 0);

        var message = Message(Report(
            status with { Decision = status.Decision with { Canaries = canaries } },
            """{ "rollout": { "canary": { "selector": { "matchLabels": { "stage": "canary" } } } } }"""));

        Assert.That(message.Contains("spec.rollout.canary.selector matches", StringComparison.Ordinal), Is.EqualTo(isReported));
    }

    [Test]
    public void What_is_not_known_yet_leaves_the_status_as_it_is()
    {
        var config = An.ProviderConfig("{}").Patched(
            $$"""{ "status": {{Report(Status(RolloutPhase.Progressing), "{}").StatusPatch.At("status")!.Value.GetRawText()}} }""");

        Assert.That(
            ProviderConfigReport.Of(An.Identity, config, An.Config("{}"), [], new Fleet(10, 6, []), [], An.Now.AddHours(1)), Is.Null);
    }

    [Test]
    public void A_revision_that_nothing_is_decided_about_is_not_reported_as_rolled_out()
    {
        const string Changed = """{ "values": { "a": 1 } }""";
        var done = Report(Status(RolloutPhase.Complete), "{}").StatusPatch.At("status")!.Value.GetRawText();

        foreach (var rollout in (RolloutStatus?[])[null, Status(RolloutPhase.Complete)])
        {
            var report = ProviderConfigReport.Of(
                An.Identity, An.ProviderConfig(Changed).Patched($$"""{ "status": {{done}} }"""), An.Config(Changed), [], new Fleet(10, 6, []), [], An.Now,
                rollout);

            Assert.That(Message(report!), Does.Contain("once all OCMs are reconciled with it").And.Contain(An.Config(Changed).Revision));
        }
    }

    [TestCase(null)]
    [TestCase("one")]
    public void A_revision_that_cannot_be_stored_is_reported_with_the_cause_and_what_to_do(string? revision)
    {
        var config = An.ProviderConfig("{}").Patched($$"""{ "status": { "updateRevision": {{(revision is null ? "null" : $"\"{revision}\"")}} } }""");

        var report = ProviderConfigReport.Of(
            An.Identity, config, An.Config("{}"), [], new Fleet(10, 6, []), [], An.Now, rollout: null, "you may not\ndo that.")!;

        Assert.That(Message(report), Does.Contain($"Revision {An.Config("{}").Revision} is not stored").And.Contain(": you may not do that. ")
            .And.Contain("permissions of the controller for controllerrevisions.apps"));
        Assert.That(report.Events.Select(@event => @event.Json.Text("reason")), Has.Some.EqualTo("RevisionNotStored"));
    }

    private static RolloutStatus Status(RolloutPhase phase, int failed = 1) => new("one", "two", 10, 6, new RolloutDecision
    {
        Phase = phase,
        Failed =
        [
            .. Enumerable.Range(0, failed).Select(number =>
                new RolloutMember(new ObjectKey("team", $"ocm-{number:00}"), true, false, An.Now) { Message = "Flux failed." }),
        ],
        Updated = 3,
        Outdated = 7,
        Unavailable = 4,
        MaxUnavailable = 2,
        HaveCanariesPassed = true,
    });

    private static ProviderConfigReport Report(RolloutStatus rollout, string spec) => ProviderConfigReport.Of(
        An.Identity, An.ProviderConfig(spec), An.Config(spec), [], new Fleet(10, 6, []), [], An.Now,
        rollout with { UpdateRevision = An.Config(spec).Revision })!;

    private static string Message(ProviderConfigReport report) => report.StatusPatch.Items("status", "conditions")
        .Single(each => each.Text("type") == "Progressing").Text("message")!;
}
