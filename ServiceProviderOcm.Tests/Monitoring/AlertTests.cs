using System.Text.RegularExpressions;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Yaml;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Monitoring;

/// <summary>Alerts and dashboard, as far as they can be checked without Prometheus.</summary>
public sealed partial class AlertTests
{
    private static readonly string[] Severities = ["critical", "warning", "info"];

    private static readonly string[] Suffixes = ["_bucket", "_sum", "_count"];

    private RenderedMonitoring _monitoring = null!;

    [OneTimeSetUp]
    public async Task Render() => _monitoring = await RenderedMonitoring.ReadAsync();

    [Test]
    public void Each_alert_has_a_duration_a_severity_and_a_description_with_its_labels()
    {
        foreach (var alert in _monitoring.Alerts)
        {
            var name = alert.Text("alert");
            var grouped = Grouping().Match(alert.Text("expr")!).Groups[1].Value.Split(", ").Where(label => label != "le");
            using (Assert.EnterMultipleScope())
            {
                Assert.That(alert.Text("for"), Does.Match("^[0-9]+[mh]$"), name);
                Assert.That(alert.Text("labels", "severity"), Is.AnyOf(Severities), name);
                Assert.That(alert.Text("annotations", "summary"), Is.Not.Empty, name);
                Assert.That(
                    grouped.Where(label => !alert.Text("annotations", "description")!.Contains($"$labels.{label} ", StringComparison.Ordinal)),
                    Is.Empty,
                    name);
            }
        }
    }

    [Test]
    public void Each_alert_has_a_runbook_in_the_documentation()
    {
        var headings = File.ReadLines(Doc("troubleshooting.md"))
            .Where(line => line.StartsWith("### Ocm", StringComparison.Ordinal))
            .Select(line => line[4..])
            .ToList();

        Assert.That(headings, Is.EquivalentTo(_monitoring.Alerts.Select(alert => alert.Text("alert"))));
        foreach (var alert in _monitoring.Alerts)
        {
            Assert.That(
                alert.Text("annotations", "runbook_url"),
                Does.EndWith($"/docs/troubleshooting.md#{alert.Text("alert")!.ToLowerInvariant()}"));
        }
    }

    [Test]
    public void Each_alert_is_tested_with_series_for_which_it_fires_and_series_for_which_it_does_not()
    {
        var cases = YamlManifests.Parse(File.ReadAllText(PromtoolTests.Cases)).Single()["tests"]!.AsArray()
            .SelectMany(test => test!["alert_rule_test"]!.AsArray())
            .ToLookup(test => test!["alertname"]!.GetValue<string>(), test => test!["exp_alerts"]!.AsArray().Count > 0);

        Assert.That(cases.Select(each => each.Key), Is.EquivalentTo(_monitoring.Alerts.Select(alert => alert.Text("alert"))));
        Assert.That(cases.Where(each => each.Distinct().Count() < 2).Select(each => each.Key), Is.Empty);
    }

    [Test]
    public void Alerts_and_dashboard_use_documented_metrics_only()
    {
        var documented = DocumentedMetric().Matches(File.ReadAllText(Doc("metrics.md"))).Select(match => match.Groups[1].Value).ToHashSet();
        var used = _monitoring.Alerts.Select(alert => alert.Text("expr")!)
            .Concat(_monitoring.Queries.Select(each => each.Query))
            .SelectMany(RenderedMonitoring.Metrics)
            .Where(metric => !metric.StartsWith("dotnet_", StringComparison.Ordinal))
            .Select(WithoutSuffix)
            .Distinct()
            .ToList();

        Assert.That(used, Is.Not.Empty.And.SubsetOf(documented));
    }

    [Test]
    public void The_dashboard_shows_every_metric_that_an_alert_uses()
    {
        var shown = _monitoring.Queries.SelectMany(each => RenderedMonitoring.Metrics(each.Query));

        Assert.That(
            _monitoring.Alerts.SelectMany(alert => RenderedMonitoring.Metrics(alert.Text("expr")!)).Distinct(), Is.Not.Empty.And.SubsetOf(shown));
    }

    private static string Doc(string name) => Path.Combine(RepositoryRoot.Find(), "docs", name);

    private static string WithoutSuffix(string metric) =>
        Suffixes.FirstOrDefault(suffix => metric.EndsWith(suffix, StringComparison.Ordinal)) is { } suffix ? metric[..^suffix.Length] : metric;

    [GeneratedRegex(@"by \(([a-z, ]+)\)")]
    private static partial Regex Grouping();

    [GeneratedRegex("^\\| `([a-z_]+)` \\|", RegexOptions.Multiline)]
    private static partial Regex DocumentedMetric();
}
