using NUnit.Framework;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Files;

namespace ServiceProviderOcm.Tests.Monitoring;

/// <summary>The alerts, as Prometheus evaluates them.</summary>
[Category("Prometheus")]
public sealed class PromtoolTests
{
    /// <summary>The file with series for each alert.</summary>
    public static string Cases { get; } = Path.Combine(RepositoryRoot.Find(), "ServiceProviderOcm.Tests", "Monitoring", "alerts.yaml");

    [Test]
    public async Task The_rules_are_valid()
    {
        using var folder = new TestFolder();
        var rules = folder.Write("rules.json", (await RenderedMonitoring.ReadAsync()).Spec.GetRawText());

        var check = await PrometheusTools.PromtoolAsync(["check", "rules", rules]);

        Assert.That(check.Code, Is.Zero, check.ToString());
    }

    [Test]
    public async Task Each_alert_fires_for_the_series_for_which_it_should_and_for_no_others()
    {
        using var folder = new TestFolder();
        folder.Write("rules.json", (await RenderedMonitoring.ReadAsync()).Spec.GetRawText());
        var cases = folder.Write("alerts.yaml", await File.ReadAllTextAsync(Cases));

        var test = await PrometheusTools.PromtoolAsync(["test", "rules", cases]);

        Assert.That(test.Code, Is.Zero, test.ToString());
    }
}
