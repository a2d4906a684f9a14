using System.Text.Json;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Report;

public sealed class ProviderConfigReportTests
{
    private const string Before = "2026-01-01T00:00:00Z";

    private static readonly Fleet Ocms = new(3, 2, [new FleetVersion("stable", "0.4.0", 3, 2)]);

    [Test]
    public void The_first_report_has_all_fields()
    {
        var report = Report(Config("{}"))!;

        PlanReading.IsJson(
            report.StatusPatch,
            """
            {
              "metadata": { "resourceVersion": "9" },
              "status": {
                "observedGeneration": 4,
                "conditions": [
                  {
                    "type": "Ready",
                    "status": "True",
                    "reason": "ConfigurationValid",
                    "message": "The configuration is valid.",
                    "observedGeneration": 4,
                    "lastTransitionTime": "2026-06-01T12:00:00Z"
                  }
                ],
                "ocms": { "total": 3, "ready": 2 },
                "versions": [{ "version": "stable", "chartVersion": "0.4.0", "total": 3, "ready": 2 }]
              }
            }
            """);
        Assert.That(Events(report), Is.EqualTo(["Normal ConfigurationValid"]));
    }

    [TestCase("{}", null)]
    [TestCase("""{ "values": 1 }""", null)]
    [TestCase("{}", "ignore")]
    public void A_reported_status_is_not_written_again(string spec, string? operation)
    {
        var config = Config(spec, operation);

        Assert.That(Report(Reported(config)), Is.Null);
    }

    [Test]
    public void Every_error_is_in_the_message_with_its_path_and_the_first_one_is_the_reason()
    {
        const string Spec =
            """
            { "versions": [
                { "version": "a", "chartVersion": "0.4.0", "chartURL": "https://x" },
                { "version": "b", "chartVersion": "no tag", "chartPullSecret": "missing", "helmValues": { "manager": { "imagePullSecrets": [{ "name": "gone" }] } } } ],
              "caBundleRef": { "name": "roots", "key": "ca.crt" } }
            """;

        var report = Report(Config(Spec))!;

        var ready = Condition(report, "Ready");
        Assert.That((ready.Text("status"), ready.Text("reason")), Is.EqualTo(("False", Reasons.InvalidChartUrl)));
        Assert.That(
            ready.Text("message"),
            Does.StartWith("spec.versions[0].chartURL ")
                .And.Contain("; spec.versions[1].chartVersion ")
                .And.Contain("; spec.versions[1].chartPullSecret is not usable: Secret openmcp-system/missing does not exist")
                .And.Contain("; spec.versions[1].helmValues.manager.imagePullSecrets is not usable: Secret openmcp-system/gone does not exist")
                .And.Contain("; spec.caBundleRef is not usable: ConfigMap openmcp-system/roots"));
        Assert.That(Events(report), Is.EqualTo([$"Warning {Reasons.InvalidChartUrl}"]));
    }

    [Test]
    public void A_warning_is_in_the_message_of_a_valid_configuration() => Assert.That(
        Condition(Report(Config("""{ "pollInterval": "1d" }"""))!, "Ready").Text("message"),
        Does.StartWith("The configuration is valid, but: spec.pollInterval "));

    [Test]
    public void Changed_counts_are_written_without_an_Event()
    {
        var report = Report(Reported(Config("{}")), Ocms with { Ready = 3 })!;

        Assert.That(report.StatusPatch.At("status", "ocms", "ready")!.Value.GetInt32(), Is.EqualTo(3));
        Assert.That(report.Events, Is.Empty);
    }

    [Test]
    public void A_pause_is_reported_while_it_lasts()
    {
        var paused = Report(Reported(Config("{}")), operation: "ignore")!;
        var resumed = Report(Reported(Config("{}", "ignore")), operation: null)!;

        Assert.That(Condition(paused, "Paused").Text("status"), Is.EqualTo("True"));
        Assert.That(Events(paused), Is.EqualTo(["Normal OperationIgnore"]));
        Assert.That(resumed.StatusPatch.Items("status", "conditions").Count(), Is.EqualTo(1));
        Assert.That(Events(resumed), Is.EqualTo(["Normal OperationIgnoreRemoved"]));
    }

    [Test]
    public void Conditions_of_other_managers_stay_as_they_are()
    {
        var config = Config("{}").Patched(
            $$"""{ "status": { "conditions": [{ "type": "Theirs", "status": "False", "lastTransitionTime": "{{Before}}" }] } }""");

        Assert.That(
            Report(config)!.StatusPatch.Items("status", "conditions").Select(condition => condition.Text("type")),
            Is.EqualTo(["Theirs", "Ready"]));
    }

    [Test]
    public void An_Event_is_in_the_namespace_of_Events_about_cluster_scoped_objects()
    {
        var @event = Report(Config("{}"))!.Events.Single();

        Assert.That(
            (@event.Namespace, @event.Json.Text("regarding", "kind"), @event.Json.At("regarding", "namespace")),
            Is.EqualTo(("default", "ProviderConfig", (JsonElement?)null)));
    }

    private static KubeObject Config(string spec, string? operation = null)
    {
        var config = An.ProviderConfig(spec, resourceVersion: "9").Patched("""{ "metadata": { "generation": 4 } }""");
        return operation is null ? config : Operated(config, operation);
    }

    [Test]
    public void OCMs_of_another_group_are_reported_by_a_condition_and_one_Event()
    {
        var report = Report(Config("{}"), warnings: ["2 OCMs of x exist.", "Move them."])!;

        var condition = Condition(report, "OtherApiGroupInUse");
        Assert.That(
            (condition.Text("status"), condition.Text("reason"), condition.Text("message")),
            Is.EqualTo(("True", "OcmsNotReconciled", "When the controller started: 2 OCMs of x exist. Move them.")));
        Assert.That(Events(report), Is.EqualTo(["Normal ConfigurationValid", "Warning OcmsNotReconciled"]));
    }

    [Test]
    public void The_condition_of_another_group_goes_without_an_Event_when_no_OCM_of_it_is_left()
    {
        var config = Config("{}");
        var reported = config.Patched(
            $$"""{ "status": {{Report(config, warnings: ["2 OCMs of x exist."])!.StatusPatch.At("status")!.Value.GetRawText()}} }""");

        var report = Report(reported)!;

        Assert.That(report.StatusPatch.Items("status", "conditions").Select(condition => condition.Text("type")), Is.EqualTo(["Ready"]));
        Assert.That(report.Events, Is.Empty);
    }

    private static KubeObject Operated(KubeObject config, string? operation) => config.Patched(
        $$"""{ "metadata": { "annotations": { "openmcp.cloud/operation": {{JsonSerializer.Serialize(operation)}} } } }""");

    private static KubeObject Reported(KubeObject config) => config.Patched(
        $$"""{ "status": {{Report(config)!.StatusPatch.At("status")!.Value.GetRawText()}} }""");

    private static ProviderConfigReport? Report(KubeObject config, Fleet? fleet = null, string[]? warnings = null)
    {
        var read = InstallConfigReader.Read(An.Identity, config);
        var errors = ConfigurationErrors.Of(
            An.Identity, read, new Dictionary<string, KubeObject>(), CaBundle.Read(An.Identity, read, configMap: null));
        return ProviderConfigReport.Of(An.Identity, config, read, errors, fleet ?? Ocms, warnings ?? [], An.Now);
    }

    private static ProviderConfigReport? Report(KubeObject config, string? operation) => Report(Operated(config, operation));

    private static JsonElement Condition(ProviderConfigReport report, string type) =>
        report.StatusPatch.Items("status", "conditions").Single(condition => condition.Text("type") == type);

    private static string[] Events(ProviderConfigReport report) =>
        [.. report.Events.Select(@event => $"{@event.Json.Text("type")} {@event.Json.Text("reason")}")];
}
