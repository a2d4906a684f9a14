using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Model.Configuration;

public sealed class DriftDetectionTests
{
    private const string Rule = """{ "paths": ["/spec/replicas", "/a~1b"], "target": { "kind": "Deployment", "labelSelector": "a=b" } }""";

    [TestCase("""{ "mode": "disabled" }""")]
    [TestCase("""{ "mode": "warn" }""")]
    [TestCase("""{ "mode": "enabled" }""")]
    [TestCase($$"""{ "mode": "enabled", "ignore": [{{Rule}}] }""")]
    [TestCase("""{ "mode": "enabled", "ignore": [{ "paths": [""] }] }""")]
    public void The_setting_is_passed_to_the_HelmRelease(string setting)
    {
        var release = Planner.Plan(Start(setting)).Apply("HelmRelease").Manifest;

        PlanReading.IsJson(release.Json.At("spec", "driftDetection")!.Value, setting);
    }

    [Test]
    public void Without_the_setting_nothing_is_written() => Assert.That(
        Planner.Plan(An.Observation().Granted()).Apply("HelmRelease").Manifest.Json.At("spec", "driftDetection"), Is.Null);

    [Test]
    public void A_setting_that_is_removed_is_removed_from_the_HelmRelease()
    {
        var installed = An.Observation().WithConfig(Spec("""{ "mode": "enabled" }""")).Complete();

        Assert.That(Planner.Plan(installed).Steps, Is.Empty);
        Assert.That(Planner.Plan(installed.WithConfig("{}")).Steps(), Has.One.Contains("HelmRelease"));
    }

    [TestCase("""{}""", "spec.driftDetection.mode must be disabled, warn or enabled")]
    [TestCase("""{ "mode": "always" }""", "spec.driftDetection.mode must be disabled, warn or enabled")]
    [TestCase("\"enabled\"", "spec.driftDetection.mode must be disabled, warn or enabled")]
    [TestCase("""{ "mode": "warn", "ignore": {} }""", "spec.driftDetection.ignore must be a list")]
    [TestCase("""{ "mode": "warn", "ignore": [{ "paths": ["/a"] }, {}] }""", "spec.driftDetection.ignore[1].paths must be a list of JSON pointers")]
    [TestCase("""{ "mode": "warn", "ignore": [{ "paths": ["a"] }] }""", "spec.driftDetection.ignore[0].paths must")]
    [TestCase("""{ "mode": "warn", "ignore": [{ "paths": ["/a"], "target": { "kind": 1 } }] }""", "spec.driftDetection.ignore[0].target must")]
    [TestCase("""{ "mode": "warn", "ignore": [{ "paths": ["/a"], "target": { "kinds": "A" } }] }""", "spec.driftDetection.ignore[0].target must")]
    public void An_invalid_setting_is_an_error_with_its_path(string setting, string error)
    {
        var config = An.Config(Spec(setting));

        Assert.That(config.Errors.Select(issue => issue.ToString()), Has.One.StartsWith(error));
        Assert.That(config.TryResolve("0.4.0", out _, out var status), Is.False);
        Assert.That(status!.Reason, Is.EqualTo("InvalidProviderConfig"));
    }

    private static string Spec(string setting) => $$"""{ "driftDetection": {{setting}} }""";

    private static Core.Model.Observation Start(string setting) => An.Observation().WithConfig(Spec(setting)).Granted();
}
