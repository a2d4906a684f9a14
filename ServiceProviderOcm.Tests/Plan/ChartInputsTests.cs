using NUnit.Framework;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Tests.Plan;

public sealed class ChartInputsTests
{
    private const string Catalogue =
        """
        {
          "chartURL": "ghcr.io/not/used",
          "imagePullSecret": { "name": "not-used" },
          "values": { "not": "used" },
          "versions": [
            { "version": "stable", "chartVersion": "1.0.0" },
            {
              "version": "next",
              "chartVersion": "2.0.0-rc.1",
              "chartURL": "oci://registry.example.com:5000/charts/next",
              "chartPullSecret": "next-pull",
              "helmValues": { "replicas": 1.0 }
            },
            { "version": "broken", "chartVersion": "1+2" },
            { "version": "unset" },
            { "version": "elsewhere", "chartVersion": "1", "chartURL": "https://example.com/chart" },
            { "version": "no-object", "chartVersion": "1", "helmValues": ["a"] }
          ]
        }
        """;

    [Test]
    public void Without_a_catalogue_the_version_is_the_tag_and_the_rest_has_defaults()
    {
        var inputs = Inputs("{}", "0.4.0");

        Assert.That(inputs, Is.EqualTo(new ChartInputs("oci://" + ChartUrl.Default, "0.4.0", null, null)));
    }

    [Test]
    public void Without_a_catalogue_the_ProviderConfig_says_the_rest()
    {
        var inputs = Inputs(
            """{ "chartURL": "ghcr.io/my/chart", "imagePullSecret": { "name": "pull" }, "values": { "a": 1 } }""", "v1");

        Assert.That((inputs.Url, inputs.Tag, inputs.PullSecret), Is.EqualTo(("oci://ghcr.io/my/chart", "v1", "pull")));
        PlanReading.IsJson(inputs.Values!.Value, """{ "a": 1 }""");
    }

    [TestCase("""{ "chartURL": "", "imagePullSecret": { "name": "" }, "values": null, "versions": [] }""")]
    [TestCase("""{ "chartURL": null, "imagePullSecret": null, "versions": null }""")]
    public void What_is_empty_counts_as_not_set(string spec) =>
        Assert.That(Inputs(spec, "1"), Is.EqualTo(new ChartInputs("oci://" + ChartUrl.Default, "1", null, null)));

    [Test]
    public void Empty_values_are_values() => PlanReading.IsJson(Inputs("""{ "values": {} }""", "1").Values!.Value, "{}");

    [TestCase("""{ "manager": { "imagePullSecrets": [{ "name": "b" }, { "name": "a" }, { "name": "b", "more": 1 }] } }""", "b,a")]
    [TestCase("""{ "manager": { "imagePullSecrets": [] } }""", "")]
    [TestCase("""{ "manager": { "imagePullSecrets": null } }""", "")]
    [TestCase("""{ "manager": { "imagePullSecrets": { "name": "a" } } }""", "", TestName = "{m}(no list: Helm will say so)")]
    [TestCase("""{ "manager": { "imagePullSecrets": "a" } }""", "", TestName = "{m}(a text: Helm will say so)")]
    [TestCase("""{ "manager": [1] }""", "")]
    public void The_values_say_what_the_toolkit_pulls_its_images_with(string values, string names)
    {
        var spec = $$"""{ "values": {{values}} }""";

        Assert.That(string.Join(',', Inputs(spec, "1").ToolkitPullSecrets), Is.EqualTo(names));
        Assert.That(
            ChartInputs.ReferredSecrets(An.ProviderConfig(spec)), Is.EquivalentTo(names.Split(',', StringSplitOptions.RemoveEmptyEntries)));
    }

    [TestCase("{}")]
    [TestCase("null")]
    [TestCase("\"b\"")]
    [TestCase("""{ "name": "" }""")]
    [TestCase("""{ "name": 1 }""")]
    [TestCase("""{ "name": "Not_A_Name" }""")]
    public void An_entry_without_a_usable_name_is_a_fault_of_the_ProviderConfig(string entry)
    {
        var spec = $$"""{ "values": { "manager": { "imagePullSecrets": [{ "name": "a" }, {{entry}}] } } }""";

        Fault(spec, "1").Says(
            Reasons.InvalidProviderConfig, Phase.Progressing, Severity.Fault, "spec.values.manager.imagePullSecrets[1]", "\"ocm\"");
        Assert.That(ChartInputs.ReferredSecrets(An.ProviderConfig(spec)), Is.EqualTo(["a"]));
    }

    [Test]
    public void Each_version_of_a_catalogue_has_its_own_image_pull_secrets()
    {
        const string Spec =
            """
            {
              "versions": [
                { "version": "1", "chartVersion": "1", "helmValues": { "manager": { "imagePullSecrets": [{ "name": "one" }] } } },
                { "version": "2", "chartVersion": "2", "chartPullSecret": "chart" }
              ]
            }
            """;

        Assert.That(Inputs(Spec, "1").ToolkitPullSecrets, Is.EqualTo(["one"]));
        Assert.That(Inputs(Spec, "2").ToolkitPullSecrets, Is.Empty);
        Assert.That(ChartInputs.ReferredSecrets(An.ProviderConfig(Spec)), Is.EquivalentTo(["one", "chart"]));
    }

    [Test]
    public void A_catalogue_entry_says_everything()
    {
        var inputs = Inputs(Catalogue, "next");

        Assert.That(
            (inputs.Url, inputs.Tag, inputs.PullSecret),
            Is.EqualTo(("oci://registry.example.com:5000/charts/next", "2.0.0-rc.1", "next-pull")));
        Assert.That(inputs.Values!.Value.GetRawText(), Does.Contain("1.0"));
    }

    [Test]
    public void A_catalogue_entry_takes_nothing_from_beside_the_catalogue() =>
        Assert.That(Inputs(Catalogue, "stable"), Is.EqualTo(new ChartInputs("oci://" + ChartUrl.Default, "1.0.0", null, null)));

    [TestCase("Stable")]
    [TestCase("1.0.0")]
    [TestCase("stable ")]
    [TestCase("")]
    public void A_version_that_is_not_in_the_catalogue_is_answered_with_what_is(string version) => Fault(Catalogue, version).Says(
        Reasons.VersionNotOffered,
        Phase.Progressing,
        Severity.Fault,
        $"\"{version}\"",
        "stable, next, broken");

    [TestCase("broken", "spec.versions[2].chartVersion", "'+'")]
    [TestCase("unset", "spec.versions[3].chartVersion", "is empty")]
    [TestCase("no-object", "spec.versions[5].helmValues", "object")]
    public void A_broken_catalogue_entry_is_the_operators_to_correct(string version, string field, string problem) =>
        Fault(Catalogue, version).Says(
            Reasons.InvalidProviderConfig, Phase.Progressing, Severity.Fault, "\"ocm\"", field, problem, "platform operator");

    [Test]
    public void A_broken_URL_in_the_catalogue_is_named_by_its_place() => Fault(Catalogue, "elsewhere").Says(
        Reasons.InvalidChartUrl, Phase.Progressing, Severity.Fault, "spec.versions[4].chartURL", "https://example.com/chart", "\"ocm\"");

    [Test]
    public void A_broken_URL_is_the_operators_to_correct() => Fault("""{ "chartURL": "http://x/y" }""", "1").Says(
        Reasons.InvalidChartUrl, Phase.Progressing, Severity.Fault, "spec.chartURL", "http://x/y", "platform operator");

    [TestCase("\"text\"")]
    [TestCase("[]")]
    [TestCase("1")]
    [TestCase("false")]
    public void Values_that_are_no_object_are_refused(string values) => Fault($$"""{ "values": {{values}} }""", "1").Says(
        Reasons.InvalidProviderConfig, Phase.Progressing, Severity.Fault, "spec.values", "object");

    [TestCase("1.0+build", "'+'")]
    [TestCase("", "is empty")]
    [TestCase("-x", "not a valid OCI tag")]
    public void A_version_that_cannot_be_a_tag_is_the_users_to_correct(string version, string problem) =>
        Fault("{}", version).Says(Reasons.InvalidVersion, Phase.Progressing, Severity.Fault, "spec.version", problem);

    [Test]
    public void The_Secrets_that_a_ProviderConfig_refers_to_are_those_of_all_entries() =>
        Assert.That(ChartInputs.ReferredSecrets(An.ProviderConfig(Catalogue)), Is.EquivalentTo(["not-used", "next-pull"]));

    [Test]
    public void Nothing_refers_to_no_Secrets()
    {
        Assert.That(ChartInputs.ReferredSecrets(null), Is.Empty);
        Assert.That(ChartInputs.ReferredSecrets(An.ProviderConfig("""{ "imagePullSecret": { "name": "" } }""")), Is.Empty);
    }

    private static ChartInputs Inputs(string spec, string version)
    {
        var (inputs, fault) = Read(spec, version);
        Assert.That(fault, Is.Null);
        return inputs!;
    }

    private static Verdict Fault(string spec, string version)
    {
        var (inputs, fault) = Read(spec, version);
        Assert.That(inputs, Is.Null);
        return fault!;
    }

    private static (ChartInputs? Inputs, Verdict? Fault) Read(string spec, string version) => ChartInputs.Read(
        An.Identity, An.Ocm().Patched($$"""{ "spec": { "version": "{{version}}" } }"""), An.ProviderConfig(spec));
}
