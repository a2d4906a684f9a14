using System.Text.Json;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Monitoring;

/// <summary>The dashboard, as far as it can be checked without Grafana.</summary>
public sealed class DashboardTests
{
    private RenderedMonitoring _monitoring = null!;

    private IEnumerable<JsonElement> Panels => _monitoring.Dashboard.Items("panels").Where(panel => panel.Text("type") != "row");

    [OneTimeSetUp]
    public async Task Render() => _monitoring = await RenderedMonitoring.ReadAsync();

    [Test]
    public void Grafana_finds_it_by_its_label_and_every_panel_has_a_query()
    {
        Assert.That(_monitoring.DashboardLabels, Does.ContainKey("grafana_dashboard").WithValue("1"));
        Assert.That(Panels.Select(panel => panel.Items("targets").Count()), Is.Not.Empty.And.All.GreaterThan(0));
        Assert.That(_monitoring.Dashboard.Items("panels").Select(panel => panel.Number("id")), Is.Unique);
    }

    [Test]
    public void Every_query_has_the_unit_of_its_metric()
    {
        var wrong = Panels
            .SelectMany(panel => panel.Items("targets"), (panel, target) => (Panel: panel, Target: target))
            .Where(each => !UnitsOf(each.Target.Text("expr")!).Contains(Unit(each.Panel, each.Target)))
            .Select(each => $"{each.Panel.Text("title")}: {each.Target.Text("expr")}");

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void No_axis_has_two_units()
    {
        var mixed = Panels.Where(panel => panel.Items("targets")
            .Select(target => (Axis: Axis(panel, target), Unit: Unit(panel, target)))
            .Distinct()
            .CountBy(each => each.Axis)
            .Any(axis => axis.Value > 1));

        Assert.That(mixed.Select(panel => panel.Text("title")), Is.Empty);
    }

    private static string[] UnitsOf(string query) => query switch
    {
        _ when query.StartsWith("histogram_quantile(", StringComparison.Ordinal) => ["s"],
        _ when query.Contains("rate(", StringComparison.Ordinal) =>
            query.Contains("_seconds_total{", StringComparison.Ordinal) ? ["none"] : ["ops", "reqps"],
        _ when query.Contains("_seconds{", StringComparison.Ordinal) => ["s"],
        _ when query.Contains("_bytes{", StringComparison.Ordinal) => ["bytes"],
        _ => ["short"],
    };

    private static string Unit(JsonElement panel, JsonElement target) =>
        Override(panel, target, "unit") ?? panel.Text("fieldConfig", "defaults", "unit")!;

    private static string Axis(JsonElement panel, JsonElement target) => Override(panel, target, "custom.axis") ?? "left";

    // By the first part of the property's name.
    private static string? Override(JsonElement panel, JsonElement target, string property) =>
        panel.Items("fieldConfig", "overrides")
            .Where(each => each.Text("matcher", "id") == "byFrameRefID" && each.Text("matcher", "options") == target.Text("refId"))
            .SelectMany(each => each.Items("properties"))
            .SingleOrDefault(each => each.Text("id")!.StartsWith(property, StringComparison.Ordinal))
            .Text("value");
}
