using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Tools.Check;
using ServiceProviderOcm.Core.Tools.Status;
using ServiceProviderOcm.Worker.Output;

namespace ServiceProviderOcm.Tests.Tools.Check;

public sealed class OutputTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private static readonly CheckResult[] Results =
    [
        CheckResult.Ok("one", "Fine."),
        CheckResult.Warning("two", "Not yet.", "Create it."),
        CheckResult.Failed("three", "Gone \e[2J\nwrong.", "Restore it."),
        CheckResult.Skipped("four", "Not asked."),
    ];

    [Test]
    public void Check_results_are_plain_ASCII_without_a_terminal() => Assert.That(
        CheckResultsText.Of(Results, Terminal.Plain).ReplaceLineEndings("\n"),
        Is.EqualTo("""
            ok   one: Fine.
            warn two: Not yet.
                 Fix: Create it.
            FAIL three: Gone \u001b[2J\u000awrong.
                 Fix: Restore it.
            skip four: Not asked.

            4 checks: 1 failed, 1 with a warning, 1 skipped.
            """));

    [Test]
    public void Check_results_have_ticks_and_crosses_on_a_terminal()
    {
        var lines = CheckResultsText.Of(Results, new Terminal(IsRich: true, Width: 80)).Split(Environment.NewLine);

        Assert.That(lines[0], Does.Contain("✓").And.EndsWith("one: Fine."));
        Assert.That(lines[3], Does.Contain("✗").And.Not.Contain("\e[2J"));
    }

    [Test]
    public void The_summary_says_that_all_checks_passed() =>
        Assert.That(CheckResultsText.Of([Results[0]], Terminal.Plain), Does.EndWith("1 checks: all passed."));

    [Test]
    public void Check_results_as_JSON_are_an_array()
    {
        var json = JsonReading.Parse(CheckResultsJson.Of(Results));

        var third = json[2];
        Assert.That(
            (third.Text("name"), third.Text("status"), third.Text("message"), third.Text("fix")),
            Is.EqualTo(("three", "failed", "Gone \e[2J\nwrong.", "Restore it.")));
        Assert.That(
            string.Join(' ', json.EnumerateArray().Select(result => result.Text("status"))),
            Is.EqualTo("ok warning failed skipped"));
        Assert.That(json[0].GetProperty("fix").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [TestCase(-5, "0s")]
    [TestCase(0, "0s")]
    [TestCase(119, "119s")]
    [TestCase(120, "2m")]
    [TestCase(599, "9m59s")]
    [TestCase(600, "10m")]
    [TestCase(3 * 3600 - 1, "179m")]
    [TestCase(3 * 3600, "3h")]
    [TestCase(8 * 3600 - 1, "7h59m")]
    [TestCase(48 * 3600 - 1, "47h")]
    [TestCase(48 * 3600, "2d")]
    [TestCase(7 * 86400 + 7200, "7d2h")]
    [TestCase(8 * 86400, "8d")]
    [TestCase(729 * 86400, "729d")]
    [TestCase(731 * 86400, "2y1d")]
    [TestCase(8 * 365 * 86400, "8y")]
    public void Ages_are_formatted_as_by_kubectl(long seconds, string expected) =>
        Assert.That(Age.Of(TimeSpan.FromSeconds(seconds)), Is.EqualTo(expected));

    [Test]
    public void The_table_of_OCMs_has_a_line_for_each()
    {
        var table = new OcmTable(width: null, "...", new FakeTimeProvider(Now));

        var lines = table.Lines([Ready, Broken, New]).Select(
            line => string.Join('|', line.Split("   ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));

        Assert.That(lines, Is.EqualTo(new[]
        {
            "NAMESPACE|NAME|VERSION|REVISION|PHASE|SINCE|TENANT NAMESPACE|REASON|MESSAGE",
            $"ws-1|a|0.3.0|6c5ba66b93|Ready|120m|{Ready.TenantNamespace}|ReconcileSuccess",
            $"ws-2|b|0.3.0|-|Progressing|30s|{Broken.TenantNamespace}|VersionNotOffered|Choose\\u000a\\u001b[1m another.",
            $"ws-2|c|0.3.0|-|-|-|{New.TenantNamespace}|-|Not reconciled yet.",
        }));
    }

    [Test]
    public void Columns_are_aligned_with_their_titles()
    {
        var lines = new OcmTable(width: null, "...", new FakeTimeProvider(Now)).Lines([Ready, Broken]).ToList();

        Assert.That(
            lines[2].IndexOf("VersionNotOffered", StringComparison.Ordinal), Is.EqualTo(lines[0].IndexOf("REASON", StringComparison.Ordinal)));
    }

    [Test]
    public void Lines_are_cut_to_the_width_of_the_terminal()
    {
        var lines = new OcmTable(width: 100, "...", new FakeTimeProvider(Now)).Lines([Ready, Broken]).ToList();

        Assert.That(lines.Select(line => line.Length), Has.All.LessThanOrEqualTo(100));
        Assert.That(lines[2], Does.EndWith("..."));
    }

    [Test]
    public void OCMs_as_JSON_have_all_fields()
    {
        var one = JsonReading.Parse(JsonText.Of(json => OcmJson.Write(json, Broken), isIndented: false));
        var all = JsonReading.Parse(JsonText.Of(json => StatusJson.Write(json, new StatusView(null, [Ready, New])), isIndented: true)).GetProperty("ocms");

        Assert.That(
            (one.Text("namespace"), one.Text("name"), one.Text("reason"), one.Text("since")),
            Is.EqualTo(("ws-2", "b", "VersionNotOffered", "2026-01-31T11:59:30Z")));
        Assert.That(
            (all[0].GetProperty("ready").GetBoolean(), all[0].Text("revision"), all[1].GetProperty("ready").GetBoolean()),
            Is.EqualTo((true, "6c5ba66b93", false)));
        Assert.That(all[1].GetProperty("since").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(all[1].GetProperty("updated").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public void The_message_of_an_ignored_OCM_names_the_annotation() => Assert.That(
        OcmSummary.Of(KubeObject.Parse(
            """{ "metadata": { "namespace": "ws", "name": "a", "annotations": { "openmcp.cloud/operation": "ignore" } } }""")).Message,
        Does.Contain("ignore"));

    private static OcmSummary Ready => Summary("ws-1", "a", """
        { "phase": "Ready", "revision": "6c5ba66b93", "conditions": [{ "type": "Ready", "status": "True", "reason": "ReconcileSuccess", "message": "Installed.", "lastTransitionTime": "2026-01-31T10:00:00Z" }] }
        """);

    private static OcmSummary Broken => Summary("ws-2", "b", """
        { "phase": "Progressing", "conditions": [{ "type": "Ready", "status": "False", "reason": "VersionNotOffered", "message": "Choose\n\u001b[1m another.", "lastTransitionTime": "2026-01-31T11:59:30Z" }] }
        """);

    private static OcmSummary New => Summary("ws-2", "c", "{}");

    private static OcmSummary Summary(string ns, string name, string status) => OcmSummary.Of(KubeObject.Parse(
        $$"""{ "metadata": { "namespace": "{{ns}}", "name": "{{name}}" }, "spec": { "version": "0.3.0" }, "status": {{status}} }"""));
}
