using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Sandbox.View;
using Spectre.Console;

namespace ServiceProviderOcm.Tests.Sandbox;

/// <summary>What the sandbox shows, as a function of what has changed on the clusters.</summary>
public sealed class StandingTests
{
    private static readonly ProviderApi Api = new(ProviderApi.DefaultGroup);
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 1, 250, TimeSpan.Zero);
    private static readonly ObjectKey Tenant = new("project-a--ws-dev", "mcp-01");
    private static readonly string TenantNamespace = PlatformNames.TenantNamespace(Tenant.Namespace, Tenant.Name);

    [TestCase("{}", "New", "The controller has not looked at it yet.")]
    [TestCase("""{"phase": "Progressing", "conditions": [{"type": "Ready", "status": "False", "reason": "AccessRequestPending", "message": "Waiting."}]}""",
        "Progressing", "AccessRequestPending: Waiting.")]
    [TestCase("""{"phase": "Ready", "conditions": [{"type": "Ready", "status": "True", "reason": "ReconcileSuccess", "message": "Done."}]}""",
        "Ready", "ReconcileSuccess: Done.")]
    public void An_OCM_is_told_with_phase_reason_and_message(string status, string state, string message)
    {
        var told = Standing.Empty.With(Appeared(Api.Ocm, Ocm(status)), Noon).Latest.Single();

        Assert.That(told, Is.EqualTo(new Happening(Noon, "project-a--ws-dev/mcp-01", "OCM", state, message)));
    }

    [TestCase("AccessRequest", """{"spec": {}}""", "Pending", "x")]
    [TestCase("AccessRequest", """{"status": {"phase": "Granted", "observedGeneration": 1}}""", "Granted", "x")]
    [TestCase("AccessRequest", """{"status": {"phase": "Granted", "observedGeneration": 0}}""", "Pending", "x")]
    [TestCase("AccessRequest", """{"status": {"phase": "Denied", "observedGeneration": 1}}""", "Denied", "x")]
    [TestCase("Secret", """{"data": {"a": "c2VjcmV0"}}""", "Present", "x")]
    [TestCase("HelmRelease", """{"spec": {}}""", "Pending", "x")]
    [TestCase("HelmRelease",
        """{"status": {"conditions": [{"type": "Ready", "status": "True", "message": "Installed.", "observedGeneration": 1}]}}""", "Ready", "Installed.")]
    [TestCase("OCIRepository",
        """{"status": {"conditions": [{"type": "Ready", "status": "False", "message": "No chart.", "observedGeneration": 1}]}}""", "NotReady", "No chart.")]
    public void What_is_written_for_an_OCM_is_told_by_the_name_of_the_OCM(string kind, string content, string state, string message)
    {
        var standing = Standing.Empty.With(Appeared(Api.Ocm, Ocm("{}")), Noon);

        var told = standing.With(Appeared(KindOf(kind), InTenant(content)), Noon).Latest[^1];

        Assert.That(told, Is.EqualTo(new Happening(Noon, "project-a--ws-dev/mcp-01", kind, state, message)));
    }

    [Test]
    public void What_does_not_change_how_things_stand_is_not_told()
    {
        var standing = Standing.Empty
            .With(Appeared(Api.Ocm, Ocm("{}")), Noon)
            .With(Appeared(Kinds.Secret, InTenant("""{"data": {"a": "b25l"}}""")), Noon);

        Assert.That(standing.With(Appeared(Api.Ocm, Ocm("""{"observedGeneration": 1}""")), Noon), Is.SameAs(standing));
        Assert.That(standing.With(Appeared(Kinds.Secret, InTenant("""{"data": {"a": "dHdv"}}""")), Noon), Is.SameAs(standing));
    }

    [Test]
    public void An_OCM_and_its_objects_go_and_are_told_by_its_name_in_any_order()
    {
        var standing = Standing.Empty
            .With(Appeared(Api.Ocm, Ocm("{}")), Noon)
            .With(Appeared(Kinds.HelmRelease, InTenant("{}")), Noon)
            .With(Went(Api.Ocm, Tenant), Noon)
            .With(Went(Kinds.HelmRelease, new ObjectKey(TenantNamespace, "x")), Noon);

        Assert.That(standing.Ocms, Is.Empty);
        Assert.That(
            standing.Latest.TakeLast(2).Select(told => (told.Subject, told.Kind, told.State)),
            Is.EqualTo(new[] { ("project-a--ws-dev/mcp-01", "OCM", "Gone"), ("project-a--ws-dev/mcp-01", "HelmRelease", "Gone") }));
    }

    [Test]
    public void Somebody_elses_change_and_its_undoing_are_told()
    {
        var wanted = InTenant("{}");
        var changed = new KubeObject(InTenant("{}", generation: 2).Json, new FieldOwnership([], [["spec", "interval"]]));
        var restored = InTenant("{}", generation: 3);
        var before = Standing.Empty
            .With(Appeared(Api.Ocm, Ocm("{}")), Noon)
            .With(Appeared(Kinds.HelmRelease, InTenant(
                """{"status": {"conditions": [{"type": "Ready", "status": "True", "observedGeneration": 1}]}}""")), Noon);

        var standing = before
            .With(new InformerChange(Kinds.HelmRelease, wanted.Key, wanted, changed), Noon)
            .With(new InformerChange(Kinds.HelmRelease, wanted.Key, changed, restored), Noon);

        Assert.That(
            standing.Latest.TakeLast(2).Select(told => (told.State, told.Message)),
            Is.EqualTo(new[] { ("Changed", "spec.interval, by somebody else"), ("Restored", "spec.interval, by the controller") }));
    }

    [Test]
    public void A_line_has_time_OCM_kind_state_and_message()
    {
        var line = PlainView.Line(new Happening(Noon, "project-a--ws-dev/mcp-01", "OCM", "Progressing", "Two\nlines"));

        Assert.That(line, Does.Match(@"^12:00:01\.2  project-a--ws-dev/mcp-01 +OCM +Progressing  Two\\u000alines$"));
    }

    [Test]
    public void The_table_has_a_row_for_each_OCM_with_its_objects_and_what_has_happened_below()
    {
        var standing = Standing.Empty
            .With(Appeared(Api.Ocm, Ocm(
                """{"phase": "Progressing", "conditions": [{"type": "Ready", "status": "False", "reason": "Why", "message": "[markup] is text"}]}""")), Noon)
            .With(Appeared(Kinds.AccessRequest, InTenant("""{"status": {"phase": "Granted", "observedGeneration": 1}}""")), Noon);

        var shown = Rendered(standing, width: 120, height: 20);

        Assert.That(shown, Does.Match(
            @"│ project-a--ws-dev/mcp-01 +│ 0\.3\.0 +│ Progressing +│ Why: \[markup\] is text +│ AccessRequest.Granted +│"));
        Assert.That(shown.TrimEnd(), Does.Match(@"12:00:01\.2  project-a--ws-dev/mcp-01 +AccessRequest  Granted +x$"));
        Assert.That(Rendered(standing, width: 120, height: 7), Does.Contain("Why").And.Contain("12:00:01"));
        Assert.That(Rendered(standing, width: 120, height: 6), Does.Contain("Why").And.Not.Contain("12:00:01"));
    }

    [Test]
    public void What_has_happened_takes_the_room_that_the_table_leaves()
    {
        var standing = Standing.Empty
            .With(Appeared(Api.Ocm, Ocm("""{"phase": "Progressing"}""")), Noon)
            .With(Appeared(Kinds.AccessRequest, InTenant("""{"status": {"phase": "Granted", "observedGeneration": 1}}""")), Noon)
            .With(Appeared(Kinds.HelmRelease, InTenant("{}")), Noon);
        var table = LinesOf(Rendered(standing, width: 60, height: 1));

        Assert.That(table, Is.GreaterThan(6), "rows of several lines");
        Assert.That(
            Enumerable.Range(0, 6).Select(room => LinesOf(Rendered(standing, width: 60, height: table + room))),
            Is.EqualTo([table, table, table + 1, table + 2, table + 3, table + 3]));
    }

    private static int LinesOf(string text) => text.Count(character => character == '\n');

    private static string Rendered(Standing standing, int width, int height)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = width;
        console.Profile.Height = height;
        console.Write(LiveView.Render(standing, console));
        return text.ToString();
    }

    private static ResourceKind KindOf(string kind) =>
        new[] { Kinds.AccessRequest, Kinds.Secret, Kinds.OciRepository, Kinds.HelmRelease }.Single(known => known.Kind == kind);

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
