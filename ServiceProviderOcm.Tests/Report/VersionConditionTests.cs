using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Report;

/// <summary>The condition VersionWarning of an OCM, and its Event.</summary>
public sealed class VersionConditionTests
{
    private const string Message = "spec.version \"0.4.0\" is deprecated: End of life. Set it to \"0.5.0\".";

    private static readonly Observation Deprecated = An.Observation().WithConfig(
        """
        { "versions": [
          { "version": "0.4.0", "chartVersion": "0.4.0", "deprecated": { "message": "End of life", "replacement": "0.5.0" } },
          { "version": "0.5.0", "chartVersion": "0.5.0" } ] }
        """).Complete();

    [Test]
    public void An_OCM_on_a_deprecated_version_is_Ready_with_a_warning()
    {
        var report = ReportOf(Deprecated);

        Assert.That(Conditions(report), Is.EqualTo(
        [
            $"Ready=True ReconcileSuccess: The OCM K8s Toolkit is installed from oci://{ChartUrl.Default}:0.4.0. {Message}",
            $"VersionWarning=True VersionDeprecated: {Message}",
        ]));
        Assert.That(report.StatusPatch.Text("status", "phase"), Is.EqualTo("Ready"));
    }

    [Test]
    public void The_warning_has_an_Event_of_its_own_once()
    {
        var report = ReportOf(Deprecated);

        Assert.That(
            report.Events.Select(each => $"{each.Text("type")} {each.Text("reason")}"),
            Is.EqualTo(["Normal ReconcileSuccess", "Warning VersionDeprecated"]));
        Assert.That(report.Events.Select(each => each.Name), Is.Unique);
        Assert.That(report.WarningEvent!.Text("note"), Is.EqualTo(Message));

        var reported = Reported(Deprecated, report);
        Assert.That(ReportOf(reported).HasChanges, Is.False);
        Assert.That(ReportOf(reported with { HelmRelease = null }).WarningEvent, Is.Null);
        Assert.That(ReportOf(reported.WithOcm("""{ "metadata": { "generation": 4 } }""")).Events, Is.Empty);
    }

    [Test]
    public void Another_warning_has_another_Event()
    {
        var reported = Reported(Deprecated, ReportOf(Deprecated)).WithConfig(
            """{ "versions": [{ "version": "0.4.0", "chartVersion": "0.4.0", "deprecated": {} }] }""");

        Assert.That(ReportOf(reported).Events.Select(each => each.Text("reason")), Is.EqualTo(["VersionDeprecated"]));
    }

    [Test]
    public void The_warning_exists_while_the_version_is_installed_and_does_not_wait_for_Ready()
    {
        var report = ReportOf(Deprecated with { HelmRelease = null });

        Assert.That(report.Events.Select(each => each.Text("reason")), Is.EqualTo(["VersionDeprecated"]));
        Assert.That(Conditions(report), Has.Some.StartsWith("VersionWarning=True"));
    }

    [Test]
    public void The_warning_ends_with_the_deprecation_and_with_the_OCM()
    {
        var reported = Reported(Deprecated, ReportOf(Deprecated));

        foreach (var ended in (Observation[])[reported.WithConfig("{}"), reported.Deleting()])
        {
            Assert.That(Conditions(ReportOf(ended)), Has.None.StartsWith("VersionWarning"));
            Assert.That(ReportOf(ended).WarningEvent, Is.Null);
        }
    }

    [Test]
    public void The_warning_stays_while_there_is_no_ProviderConfig()
    {
        var reported = Reported(Deprecated, ReportOf(Deprecated)) with { Config = InstallConfig.Missing(An.Identity) };

        Assert.That(Conditions(ReportOf(reported)), Has.Some.StartsWith("VersionWarning=True"));
        Assert.That(ReportOf(reported).WarningEvent, Is.Null);
    }

    private static OcmReport ReportOf(Observation observation) => StatusReport.Of(observation, Planner.Plan(observation).Status);

    private static Observation Reported(Observation observation, OcmReport report) =>
        observation.WithOcm($$"""{ "status": {{report.StatusPatch.At("status")!.Value.GetRawText()}} }""");

    private static IEnumerable<string> Conditions(OcmReport report) => report.StatusPatch.Items("status", "conditions").Select(condition =>
        $"{condition.Text("type")}={condition.Text("status")} {condition.Text("reason")}: {condition.Text("message")}");
}
