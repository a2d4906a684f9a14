using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Sandbox.Demo.View;
using Spectre.Console;

namespace ServiceProviderOcm.Tests.Sandbox.Demo;

/// <summary>The status that the sandbox shows, as a function of the changes on the clusters.</summary>
public sealed class PlatformStatusTests
{
    private static readonly ProviderApi Api = new(ProviderApi.DefaultGroup);
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 1, 250, TimeSpan.Zero);
    private static readonly ObjectKey Tenant = new("project-a--ws-dev", "mcp-01");
    private static readonly string TenantNamespace = PlatformNames.TenantNamespace(Tenant.Namespace, Tenant.Name);

    [TestCase("{}", "New", "Not reconciled yet.")]
    [TestCase("""{"phase": "Progressing", "conditions": [{"type": "Ready", "status": "False", "reason": "AccessRequestPending", "message": "Waiting."}]}""",
        "Progressing", "AccessRequestPending: Waiting.")]
    [TestCase("""{"phase": "Ready", "conditions": [{"type": "Ready", "status": "True", "reason": "ReconcileSuccess", "message": "Done."}]}""",
        "Ready", "ReconcileSuccess: Done.")]
    public void A_change_of_an_OCM_has_phase_reason_and_message(string status, string state, string message)
    {
        var change = PlatformStatus.Empty.With(Appeared(Api.Ocm, Ocm(status)), Noon).Latest.Single();

        Assert.That(change, Is.EqualTo(new StatusChange(Noon, "project-a--ws-dev/mcp-01", "OCM", state, message)));
    }

    [TestCase("AccessRequest", """{"spec": {}}""", "Pending", "x")]
    [TestCase("AccessRequest", """{"status": {"phase": "Granted", "observedGeneration": 1}}""", "Granted", "x")]
    [TestCase("AccessRequest", """{"status": {"phase": "Granted", "observedGeneration": 0}}""", "Pending", "x")]
    [TestCase("AccessRequest", """{"status": {"phase": "Denied", "observedGeneration": 1}}""", "Denied", "x")]
    [TestCase("Secret", """{"data": {"a": "c2VjcmV0"}}""", "Present", "x")]
    [TestCase("HelmRelease", """{"spec": {}}""", "Pending", "x")]
    [TestCase("HelmRelease",
        """{"status": {"observedGeneration": 1, "conditions": [{"type": "Ready", "status": "True", "message": "Installed.", "observedGeneration": 1}]}}""",
        "Ready",
        "Installed.")]
    [TestCase("OCIRepository",
        """{"status": {"conditions": [{"type": "Ready", "status": "False", "message": "No chart.", "observedGeneration": 1}]}}""", "NotReady", "No chart.")]
    public void A_change_of_a_managed_object_has_the_name_of_its_OCM(string kind, string content, string state, string message)
    {
        var status = PlatformStatus.Empty.With(Appeared(Api.Ocm, Ocm("{}")), Noon);

        var change = status.With(Appeared(KindOf(kind), InTenant(content)), Noon).Latest[^1];

        Assert.That(change, Is.EqualTo(new StatusChange(Noon, "project-a--ws-dev/mcp-01", kind, state, message)));
    }

    [Test]
    public void A_change_that_leaves_the_status_as_it_was_is_ignored()
    {
        var status = PlatformStatus.Empty
            .With(Appeared(Api.Ocm, Ocm("{}")), Noon)
            .With(Appeared(Kinds.Secret, InTenant("""{"data": {"a": "b25l"}}""")), Noon);

        Assert.That(status.With(Appeared(Api.Ocm, Ocm("""{"observedGeneration": 1}""")), Noon), Is.SameAs(status));
        Assert.That(status.With(Appeared(Kinds.Secret, InTenant("""{"data": {"a": "dHdv"}}""")), Noon), Is.SameAs(status));
    }

    [Test]
    public void Deletions_of_an_OCM_and_its_managed_objects_have_its_name_in_any_order()
    {
        var status = PlatformStatus.Empty
            .With(Appeared(Api.Ocm, Ocm("{}")), Noon)
            .With(Appeared(PlatformKinds.HelmRelease, InTenant("{}")), Noon)
            .With(Went(Api.Ocm, Tenant), Noon)
            .With(Went(PlatformKinds.HelmRelease, new ObjectKey(TenantNamespace, "x")), Noon);

        Assert.That(status.Ocms, Is.Empty);
        Assert.That(
            status.Latest.TakeLast(2).Select(change => (change.Subject, change.Kind, change.State)),
            Is.EqualTo(new[] { ("project-a--ws-dev/mcp-01", "OCM", "Gone"), ("project-a--ws-dev/mcp-01", "HelmRelease", "Gone") }));
    }

    [Test]
    public void Drift_and_its_correction_are_shown()
    {
        var wanted = InTenant("{}");
        var changed = new KubeObject(InTenant("{}", generation: 2).Json, new FieldOwnership([], [["spec", "interval"]]));
        var restored = InTenant("{}", generation: 3);
        var before = PlatformStatus.Empty
            .With(Appeared(Api.Ocm, Ocm("{}")), Noon)
            .With(Appeared(PlatformKinds.HelmRelease, InTenant(
                """{"status": {"conditions": [{"type": "Ready", "status": "True", "observedGeneration": 1}]}}""")), Noon);

        var status = before
            .With(new InformerChange(PlatformKinds.HelmRelease, wanted.Key, wanted, changed), Noon)
            .With(new InformerChange(PlatformKinds.HelmRelease, wanted.Key, changed, restored), Noon);

        Assert.That(
            status.Latest.TakeLast(2).Select(change => (change.State, change.Message)),
            Is.EqualTo(new[] { ("Changed", "spec.interval, by another field manager"), ("Restored", "spec.interval, by the controller") }));
    }

    [TestCase("True", "RolloutProgressing", "Progressing")]
    [TestCase("True", "NewRevisionAvailable", "RolledOut")]
    [TestCase("False", "ProgressDeadlineExceeded", "Stalled")]
    [TestCase("False", "RolloutPaused", "Paused")]
    public void The_rollout_of_the_configuration_is_shown(string status, string reason, string state)
    {
        var config = KubeObject.Parse($$"""
            {
              "metadata": {"name": "ocm"},
              "status": {"conditions": [{"type": "Progressing", "status": "{{status}}", "reason": "{{reason}}", "message": "1 of 3."}]}
            }
            """);

        var shown = PlatformStatus.Empty.With(Appeared(Api.ProviderConfig, config), Noon);

        Assert.That(shown.Latest.Single(), Is.EqualTo(new StatusChange(Noon, "ocm", "ProviderConfig", state, $"{reason}: 1 of 3.")));
        Assert.That(shown.With(Appeared(Api.ProviderConfig, config), Noon), Is.SameAs(shown));
        Assert.That(Rendered(shown, width: 120, height: 20), Does.Contain($"0 of 0 OCMs are Ready. ProviderConfig: {reason}: 1 of 3."));
    }

    [TestCase("NewRevisionAvailable", 3, true)]
    [TestCase("NewRevisionAvailable", 0, false)]
    [TestCase("RolloutProgressing", 3, false)]
    public void A_rollout_is_complete_when_all_OCMs_are_reported_to_be_updated(string reason, int updated, bool isComplete)
    {
        var config = KubeObject.Parse($$"""
            { "status": { "ocms": { "total": 3, "updated": {{updated}} }, "conditions": [{ "type": "Progressing", "reason": "{{reason}}" }] } }
            """);

        Assert.That(ProgressingCondition.Of(config).IsComplete, Is.EqualTo(isComplete));
    }

    [Test]
    public void A_line_has_time_OCM_kind_state_and_message()
    {
        var line = PlainView.Line(new StatusChange(Noon, "project-a--ws-dev/mcp-01", "OCM", "Progressing", "Two\nlines"));

        Assert.That(line, Does.Match(@"^12:00:01\.2  project-a--ws-dev/mcp-01 +OCM +Progressing  Two\\u000alines$"));
    }

    [Test]
    public void The_table_has_a_row_per_OCM_and_the_latest_changes_below()
    {
        var status = PlatformStatus.Empty
            .With(Appeared(Api.Ocm, Ocm(
                """{"phase": "Progressing", "conditions": [{"type": "Ready", "status": "False", "reason": "Why", "message": "[markup] is text"}]}""")), Noon)
            .With(Appeared(PlatformKinds.AccessRequest, InTenant("""{"status": {"phase": "Granted", "observedGeneration": 1}}""")), Noon);

        var shown = Rendered(status, width: 120, height: 20);

        Assert.That(shown, Does.Match(
            @"│ project-a--ws-dev/mcp-01 +│ 0\.3\.0 +│ Progressing +│ Why: \[markup\] is text +│ AccessRequest.Granted +│"));
        Assert.That(shown.TrimEnd(), Does.Match(@"12:00:01\.2  project-a--ws-dev/mcp-01 +AccessRequest +Granted +x$"));
        Assert.That(Rendered(status, width: 120, height: 8), Does.Contain("Why").And.Contain("12:00:01"));
        Assert.That(Rendered(status, width: 120, height: 7), Does.Contain("Why").And.Not.Contain("12:00:01"));
    }

    [Test]
    public void The_latest_changes_take_the_space_that_the_table_leaves()
    {
        var status = PlatformStatus.Empty
            .With(Appeared(Api.Ocm, Ocm("""{"phase": "Progressing"}""")), Noon)
            .With(Appeared(PlatformKinds.AccessRequest, InTenant("""{"status": {"phase": "Granted", "observedGeneration": 1}}""")), Noon)
            .With(Appeared(PlatformKinds.HelmRelease, InTenant("{}")), Noon);
        var table = LinesOf(Rendered(status, width: 60, height: 1));

        Assert.That(table, Is.GreaterThan(6), "rows of several lines");
        Assert.That(
            Enumerable.Range(0, 6).Select(room => LinesOf(Rendered(status, width: 60, height: table + room))),
            Is.EqualTo([table, table, table + 1, table + 2, table + 3, table + 3]));
    }

    private static int LinesOf(string text) => text.Count(character => character == '\n');

    private static string Rendered(PlatformStatus status, int width, int height)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = width;
        console.Profile.Height = height;
        console.Write(LiveView.Render(status, console));
        return text.ToString();
    }

    private static ResourceKind KindOf(string kind) =>
        new[] { PlatformKinds.AccessRequest, Kinds.Secret, PlatformKinds.OciRepository, PlatformKinds.HelmRelease }.Single(known => known.Kind == kind);

    private static InformerChange Appeared(ResourceKind kind, KubeObject subject) => new(kind, subject.Key, null, subject);

    private static InformerChange Went(ResourceKind kind, ObjectKey key) => new(kind, key, KubeObject.Parse("{}"), null);

    private static KubeObject Ocm(string status) => KubeObject.Parse($$"""
        {"metadata": {"namespace": "{{Tenant.Namespace}}", "name": "{{Tenant.Name}}"}, "spec": {"version": "0.3.0"}, "status": {{status}}}
        """);

    private static KubeObject InTenant(string content, int generation = 1)
    {
        var json = JsonNode.Parse(content)!.AsObject();
        json["metadata"] = new JsonObject
        {
            ["namespace"] = TenantNamespace,
            ["name"] = "x",
            ["generation"] = generation,
        };
        return KubeObject.From(json);
    }
}
