using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Report;

/// <summary>The warning on a ProviderConfig whose catalogue has lost a version that is installed.</summary>
public sealed class NotOfferedTests
{
    private const string Spec = """{ "versions": [{ "version": "0.5.0", "chartVersion": "0.5.0" }] }""";

    [Test]
    public void The_ProviderConfig_warns_with_the_number_of_OCMs_by_version_and_the_warning_has_an_Event_once()
    {
        KubeObject[] ocms = [Ocm("0.4.0"), Ocm("0.3.0"), Ocm("0.4.0"), Ocm("0.5.0"), Ocm("never", isInstalled: false)];
        var config = An.ProviderConfig(Spec);

        var report = Report(config, ocms)!;

        Assert.That(Warning(report).Text("status"), Is.EqualTo("True"));
        Assert.That(Warning(report).Text("reason"), Is.EqualTo("VersionNotOffered"));
        Assert.That(Warning(report).Text("message"), Is.EqualTo(
            "3 OCM(s) have an installation and request a version that is not in spec.versions: \"0.4.0\" (2), \"0.3.0\" (1). "
            + "What is installed stays. Add the versions again, or have the owners of the OCMs choose others."));
        Assert.That(
            report.Events.Select(each => $"{each.Text("type")} {each.Text("reason")}"),
            Is.EqualTo(["Normal ConfigurationValid", "Warning VersionNotOffered"]));

        var reported = config.Patched($$"""{ "status": {{report.StatusPatch.At("status")!.Value.GetRawText()}} }""");
        Assert.That(Report(reported, ocms), Is.Null);
        Assert.That(Report(reported, ocms[..3])!.Events, Is.Empty);
        var resolved = Report(reported, [Ocm("0.5.0")])!;
        Assert.That((Warning(resolved).ValueKind, resolved.Events.Count), Is.EqualTo((System.Text.Json.JsonValueKind.Undefined, 0)));
    }

    [Test]
    public void Tenants_cannot_make_the_warning_long()
    {
        var ocms = Enumerable.Range(0, 300).Select(number => Ocm($"{number:000}{new string('x', 100_000)}"));

        var message = Warning(Report(An.ProviderConfig(Spec), ocms)!).Text("message")!;

        Assert.That(message, Does.StartWith("300 OCM(s)").And.Contain("…\" (1), …. "));
        Assert.That(message, Has.Length.LessThan(1000));
    }

    [Test]
    public void Without_a_catalogue_there_is_no_such_warning() =>
        Assert.That(Fleet.Of(An.Config("{}"), [Ocm("0.4.0"), Ocm("not a tag")]).NotOfferedTotal, Is.Zero);

    private static ProviderConfigReport? Report(KubeObject config, IEnumerable<KubeObject> ocms)
    {
        var parsed = Core.Model.Configuration.InstallConfigReader.Read(An.Identity, config);
        return ProviderConfigReport.Of(An.Identity, config, parsed, [], Fleet.Of(parsed, ocms), [], An.Now);
    }

    private static System.Text.Json.JsonElement Warning(ProviderConfigReport report) =>
        report.StatusPatch.Items("status", "conditions").FirstOrDefault(condition => condition.Text("type") == "VersionWarning");

    private static KubeObject Ocm(string version, bool isInstalled = true) => KubeObject.Parse(
        $$"""
        {
          "spec": { "version": "{{version}}" },
          "status": { "resources": [{ "kind": "{{(isInstalled ? "HelmRelease" : "OCIRepository")}}", "name": "x", "phase": "Ready" }] }
        }
        """);
}
