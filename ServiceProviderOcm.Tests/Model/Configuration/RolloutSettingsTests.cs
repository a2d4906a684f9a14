using NUnit.Framework;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Model.Configuration;

public sealed class RolloutSettingsTests
{
    [TestCase("{}")]
    [TestCase("""{ "rollout": {} }""")]
    [TestCase("""{ "rollout": null }""")]
    public void Without_settings_the_defaults_apply(string spec)
    {
        var settings = An.Config(spec).Rollout;

        Assert.That(
            (settings.MaxUnavailable.ToString(), settings.MaxFailures.ToString(), settings.MinReady, settings.ProgressDeadline),
            Is.EqualTo(("25%", "1", TimeSpan.Zero, TimeSpan.FromMinutes(10))));
        Assert.That((settings.IsPaused, settings.Canary, settings.Errors.Count), Is.EqualTo((false, (LabelSelector?)null, 0)));
    }

    [Test]
    public void All_settings_are_read()
    {
        var settings = An.Config(
            """
            {
              "rollout": {
                "maxUnavailable": 3, "maxFailures": "10%", "minReadySeconds": 30, "progressDeadlineSeconds": 60, "paused": true,
                "canary": { "selector": { "matchLabels": { "stage": "canary" } } }
              }
            }
            """).Rollout;

        Assert.That(
            (settings.MaxUnavailable.ToString(), settings.MaxFailures.ToString(), settings.MinReady, settings.ProgressDeadline),
            Is.EqualTo(("3", "10%", TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60))));
        Assert.That((settings.IsPaused, settings.Canary is not null, settings.Errors.Count), Is.EqualTo((true, true, 0)));
    }

    [TestCase("25%", 1000, 250)]
    [TestCase("25%", 7, 1)]
    [TestCase("25%", 3, 1)]
    [TestCase("1%", 0, 1)]
    [TestCase("33%", 10, 3)]
    [TestCase("100%", 1000, 1000)]
    [TestCase("100%", int.MaxValue, int.MaxValue)]
    public void A_percentage_is_rounded_down_and_at_least_one(string percentage, int total, int expected)
    {
        var settings = An.Config($$"""{ "rollout": { "maxUnavailable": "{{percentage}}" } }""").Rollout;

        Assert.That(settings.MaxUnavailable.Of(total), Is.EqualTo(expected));
    }

    [Test]
    public void No_failure_may_be_accepted() =>
        Assert.That(An.Config("""{ "rollout": { "maxFailures": 0 } }""").Rollout.MaxFailures.Of(1000), Is.Zero);

    [TestCase("""[]""", "spec.rollout")]
    [TestCase("""{ "maxUnavailable": 0 }""", "spec.rollout.maxUnavailable")]
    [TestCase("""{ "maxUnavailable": "0%" }""", "spec.rollout.maxUnavailable")]
    [TestCase("""{ "maxUnavailable": "101%" }""", "spec.rollout.maxUnavailable")]
    [TestCase("""{ "maxUnavailable": "5" }""", "spec.rollout.maxUnavailable")]
    [TestCase("""{ "maxUnavailable": "-5%" }""", "spec.rollout.maxUnavailable")]
    [TestCase("""{ "maxUnavailable": " 5%" }""", "spec.rollout.maxUnavailable")]
    [TestCase("""{ "maxUnavailable": 1.5 }""", "spec.rollout.maxUnavailable")]
    [TestCase("""{ "maxUnavailable": 4294967296 }""", "spec.rollout.maxUnavailable")]
    [TestCase("""{ "maxFailures": -1 }""", "spec.rollout.maxFailures")]
    [TestCase("""{ "maxFailures": true }""", "spec.rollout.maxFailures")]
    [TestCase("""{ "minReadySeconds": -1 }""", "spec.rollout.minReadySeconds")]
    [TestCase("""{ "minReadySeconds": "10s" }""", "spec.rollout.minReadySeconds")]
    [TestCase("""{ "progressDeadlineSeconds": 0 }""", "spec.rollout.progressDeadlineSeconds")]
    [TestCase("""{ "progressDeadlineSeconds": 9223372036854775807 }""", "spec.rollout.progressDeadlineSeconds")]
    [TestCase("""{ "minReadySeconds": 600 }""", "spec.rollout.progressDeadlineSeconds")]
    [TestCase("""{ "minReadySeconds": 60, "progressDeadlineSeconds": 60 }""", "spec.rollout.progressDeadlineSeconds")]
    [TestCase("""{ "paused": "yes" }""", "spec.rollout.paused")]
    [TestCase("""{ "canary": {} }""", "spec.rollout.canary.selector")]
    [TestCase("""{ "canary": { "selector": [] } }""", "spec.rollout.canary.selector")]
    [TestCase("""{ "canary": { "selector": { "matchLabels": { "a": 1 } } } }""", "spec.rollout.canary.selector.matchLabels")]
    [TestCase("""{ "canary": { "selector": { "matchExpressions": {} } } }""", "spec.rollout.canary.selector.matchExpressions")]
    [TestCase(
        """{ "canary": { "selector": { "matchExpressions": [{ "operator": "Exists" }] } } }""",
        "spec.rollout.canary.selector.matchExpressions[0].key")]
    [TestCase(
        """{ "canary": { "selector": { "matchExpressions": [{ "key": "a", "operator": "Is" }] } } }""",
        "spec.rollout.canary.selector.matchExpressions[0].operator")]
    [TestCase(
        """{ "canary": { "selector": { "matchExpressions": [{ "key": "a", "operator": "In" }] } } }""",
        "spec.rollout.canary.selector.matchExpressions[0].values")]
    [TestCase(
        """{ "canary": { "selector": { "matchExpressions": [{ "key": "a", "operator": "Exists", "values": ["b"] }] } } }""",
        "spec.rollout.canary.selector.matchExpressions[0].values")]
    [TestCase(
        """{ "canary": { "selector": { "matchExpressions": [{ "key": "a", "operator": "In", "values": [1] }] } } }""",
        "spec.rollout.canary.selector.matchExpressions[0].values")]
    public void An_invalid_setting_pauses_rollouts_and_is_an_error_with_its_path(string rollout, string path)
    {
        var config = An.Config($$"""{ "rollout": {{rollout}} }""");

        Assert.That(config.Errors.Select(error => (error.Path, error.State)), Is.EqualTo([(path, OcmState.ProviderConfigInvalid)]));
        Assert.That(config.Rollout.IsPaused, Is.True);
    }

    [Test]
    public void An_invalid_setting_prevents_no_installation() =>
        Assert.That(An.Config("""{ "rollout": { "maxUnavailable": 0 } }""").TryResolve("0.4.0", out _, out _), Is.True);

    [TestCase("""{ "matchLabels": { "stage": "canary" } }""", true)]
    [TestCase("""{ "matchLabels": { "stage": "canary", "region": "us" } }""", false)]
    [TestCase("""{}""", true)]
    [TestCase("""{ "matchExpressions": [{ "key": "stage", "operator": "In", "values": ["test", "canary"] }] }""", true)]
    [TestCase("""{ "matchExpressions": [{ "key": "stage", "operator": "NotIn", "values": ["canary"] }] }""", false)]
    [TestCase("""{ "matchExpressions": [{ "key": "other", "operator": "NotIn", "values": ["canary"] }] }""", true)]
    [TestCase("""{ "matchExpressions": [{ "key": "stage", "operator": "Exists" }] }""", true)]
    [TestCase("""{ "matchExpressions": [{ "key": "stage", "operator": "DoesNotExist" }] }""", false)]
    [TestCase(
        """{ "matchLabels": { "region": "eu" }, "matchExpressions": [{ "key": "other", "operator": "Exists" }] }""", false)]
    public void Canaries_are_selected_by_labels_and_expressions(string selector, bool isMatch)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["stage"] = "canary", ["region"] = "eu" };

        Assert.That(
            An.Config($$"""{ "rollout": { "canary": { "selector": {{selector}} } } }""").Rollout.Canary!.Matches(labels),
            Is.EqualTo(isMatch));
    }
}
