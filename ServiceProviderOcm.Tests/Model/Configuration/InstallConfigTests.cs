using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Model.Configuration;

public sealed class InstallConfigTests
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
            { "version": "elsewhere", "chartVersion": "1.0.0", "chartURL": "https://example.com/chart" },
            { "version": "no-object", "chartVersion": "1", "helmValues": ["a"] }
          ]
        }
        """;

    [Test]
    public void Without_a_catalogue_the_version_is_the_tag_and_all_else_has_defaults()
    {
        var inputs = Inputs("{}", "0.4.0");

        IsDefaultChart(inputs, "0.4.0");
    }

    [Test]
    public void Without_a_catalogue_the_ProviderConfig_sets_URL_pull_secret_and_values()
    {
        var inputs = Inputs(
            """{ "chartURL": "ghcr.io/my/chart", "imagePullSecret": { "name": "pull" }, "values": { "a": 1 } }""", "v1");

        Assert.That((inputs.Source.Url, inputs.Tag, inputs.Source.PullSecret), Is.EqualTo(("oci://ghcr.io/my/chart", "v1", "pull")));
        PlanReading.IsJson(inputs.Source.Values.Part.Value, """{ "a": 1 }""");
    }

    [TestCase("""{ "chartURL": "", "imagePullSecret": { "name": "" }, "values": null, "versions": [] }""")]
    [TestCase("""{ "chartURL": null, "imagePullSecret": null, "versions": null }""")]
    public void Empty_fields_count_as_not_set(string spec) =>
        IsDefaultChart(Inputs(spec, "1"), "1");

    [Test]
    public void Empty_values_are_passed_on() => PlanReading.IsJson(Inputs("""{ "values": {} }""", "1").Source.Values.Part.Value, "{}");

    [TestCase("""{ "manager": { "imagePullSecrets": [{ "name": "b" }, { "name": "a" }, { "name": "b", "more": 1 }] } }""", "b,a")]
    [TestCase("""{ "manager": { "imagePullSecrets": [] } }""", "")]
    [TestCase("""{ "manager": { "imagePullSecrets": null } }""", "")]
    [TestCase("""{ "manager": { "imagePullSecrets": { "name": "a" } } }""", "", TestName = "{m}(no list: Helm will say so)")]
    [TestCase("""{ "manager": { "imagePullSecrets": "a" } }""", "", TestName = "{m}(a text: Helm will say so)")]
    [TestCase("""{ "manager": [1] }""", "")]
    public void Image_pull_secrets_of_the_toolkit_are_read_from_the_values(string values, string names)
    {
        var spec = $$"""{ "values": {{values}} }""";

        Assert.That(string.Join(',', Inputs(spec, "1").Source.ToolkitPullSecrets), Is.EqualTo(names));
        Assert.That(
            An.Config(spec).SecretNames, Is.EquivalentTo(names.Split(',', StringSplitOptions.RemoveEmptyEntries)));
    }

    [TestCase(250, true)]
    [TestCase(251, false)]
    [TestCase(9_000, false)]
    public void Helm_values_may_be_nested_up_to_a_limit(int depth, bool isValid)
    {
        var values = $"{string.Concat(Enumerable.Repeat("{\"a\":", depth - 1))}{{}}{new string('}', depth - 1)}";

        var config = InstallConfigReader.Read(
            An.Identity, KubeObject.Parse($"{{\"metadata\":{{\"name\":\"ocm\"}},\"spec\":{{\"values\":{values}}}}}"));

        Assert.That(
            string.Join(';', config.Errors), Is.EqualTo(isValid ? "" : "spec.values must not be nested deeper than 250 levels"));
    }

    [TestCase("{}")]
    [TestCase("null")]
    [TestCase("\"b\"")]
    [TestCase("""{ "name": "" }""")]
    [TestCase("""{ "name": 1 }""")]
    [TestCase("""{ "name": "Not_A_Name" }""")]
    public void A_pull_secret_entry_without_a_usable_name_makes_the_ProviderConfig_invalid(string entry)
    {
        var spec = $$"""{ "values": { "manager": { "imagePullSecrets": [{ "name": "a" }, {{entry}}] } } }""";

        Error(spec, "1").Reports(
            Reasons.InvalidProviderConfig, Phase.Progressing, Health.Degraded, "spec.values.manager.imagePullSecrets[1]", "\"ocm\"");
        Assert.That(An.Config(spec).SecretNames, Is.EqualTo(["a"]));
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

        Assert.That(Inputs(Spec, "1").Source.ToolkitPullSecrets, Is.EqualTo(["one"]));
        Assert.That(Inputs(Spec, "2").Source.ToolkitPullSecrets, Is.Empty);
        Assert.That(An.Config(Spec).SecretNames, Is.EquivalentTo(["one", "chart"]));
    }

    [Test]
    public void A_catalogue_entry_sets_everything()
    {
        var inputs = Inputs(Catalogue, "next");

        Assert.That(
            (inputs.Source.Url, inputs.Tag, inputs.Source.PullSecret),
            Is.EqualTo(("oci://registry.example.com:5000/charts/next", "2.0.0-rc.1", "next-pull")));
        Assert.That(inputs.Source.Values.Part.Value.GetRawText(), Does.Contain("1.0"));
    }

    [Test]
    public void A_catalogue_entry_ignores_the_fields_beside_the_catalogue() =>
        IsDefaultChart(Inputs(Catalogue, "stable"), "1.0.0");

    [TestCase("Stable")]
    [TestCase("1.0.0")]
    [TestCase("stable ")]
    [TestCase("")]
    public void A_version_that_is_not_in_the_catalogue_is_reported_with_those_that_are(string version) => Error(Catalogue, version).Reports(
        Reasons.VersionNotOffered,
        Phase.Progressing,
        Health.Degraded,
        $"\"{version}\"",
        "stable, next, broken");

    [TestCase("broken", "spec.versions[2].chartVersion", "'+'")]
    [TestCase("unset", "spec.versions[3].chartVersion", "is empty")]
    [TestCase("no-object", "spec.versions[5].helmValues", "object")]
    public void An_invalid_catalogue_entry_is_reported_with_its_path(string version, string field, string error) =>
        Error(Catalogue, version).Reports(
            Reasons.InvalidProviderConfig, Phase.Progressing, Health.Degraded, "\"ocm\"", field, error, "platform operator");

    [Test]
    public void An_invalid_URL_in_the_catalogue_is_reported_with_its_path() => Error(Catalogue, "elsewhere").Reports(
        Reasons.InvalidChartUrl, Phase.Progressing, Health.Degraded, "spec.versions[4].chartURL", "https://example.com/chart", "\"ocm\"");

    [Test]
    public void An_invalid_URL_is_reported_with_its_path() => Error("""{ "chartURL": "http://x/y" }""", "1").Reports(
        Reasons.InvalidChartUrl, Phase.Progressing, Health.Degraded, "spec.chartURL", "http://x/y", "platform operator");

    [TestCase("\"text\"")]
    [TestCase("[]")]
    [TestCase("1")]
    [TestCase("false")]
    public void Values_that_are_no_object_make_the_ProviderConfig_invalid(string values) => Error($$"""{ "values": {{values}} }""", "1").Reports(
        Reasons.InvalidProviderConfig, Phase.Progressing, Health.Degraded, "spec.values", "object");

    [TestCase("1.0+build", "'+'")]
    [TestCase("", "is empty")]
    [TestCase("-x", "not a valid OCI tag")]
    public void A_version_that_is_not_an_OCI_tag_is_invalid(string version, string error) =>
        Error("{}", version).Reports(Reasons.InvalidVersion, Phase.Progressing, Health.Degraded, "spec.version", error);

    [Test]
    public void SecretNames_has_the_Secrets_of_all_catalogue_entries() =>
        Assert.That(An.Config(Catalogue).SecretNames, Is.EquivalentTo(["not-used", "next-pull"]));

    [Test]
    public void SecretNames_is_empty_without_references()
    {
        Assert.That(InstallConfig.Missing(An.Identity).SecretNames, Is.Empty);
        Assert.That(An.Config("""{ "imagePullSecret": { "name": "" } }""").SecretNames, Is.Empty);
    }

    [Test]
    public void Fields_beside_a_catalogue_are_warnings() => Assert.That(
        An.Config(Catalogue).Warnings.Select(warning => warning.Path), Is.EqualTo(["spec.chartURL", "spec.imagePullSecret", "spec.values"]));

    [Test]
    public void The_default_URL_beside_a_catalogue_is_no_warning() => Assert.That(
        An.Config($$"""{ "chartURL": "{{ChartUrl.Default}}", "versions": [{ "version": "1", "chartVersion": "1.0.0" }] }""").Warnings, Is.Empty);

    [Test]
    public void Errors_lists_those_of_all_catalogue_entries() => Assert.That(
        An.Config(Catalogue).Errors.Select(error => (error.Path, error.State)),
        Is.EqualTo([
            ("spec.versions[2].chartVersion", OcmState.ProviderConfigInvalid),
            ("spec.versions[3].chartVersion", OcmState.ProviderConfigInvalid),
            ("spec.versions[4].chartURL", OcmState.ChartUrlInvalid),
            ("spec.versions[5].helmValues", OcmState.ProviderConfigInvalid),
        ]));

    [Test]
    public void An_invalid_catalogue_entry_leaves_the_others_on_offer() =>
        Assert.That(An.Config(Catalogue).TryResolve("stable", out _, out _), Is.True);

    [Test]
    public void Without_a_ProviderConfig_nothing_is_on_offer()
    {
        Assert.That(InstallConfig.Missing(An.Identity).TryResolve("1", out _, out var error), Is.False);
        error!.Reports(Reasons.ProviderConfigMissing, Phase.Progressing, Health.Degraded, "\"ocm\"", "platform operator");
    }

    [Test]
    public void A_pull_secret_whose_copy_would_be_the_CA_bundle_makes_the_ProviderConfig_invalid()
    {
        const string Spec = """{ "imagePullSecret": { "name": "ca-bundle" }, "caBundleRef": { "name": "trust", "key": "ca.crt" } }""";

        Error(Spec, "1").Reports(Reasons.InvalidProviderConfig, Phase.Progressing, Health.Degraded, "\"ca-bundle\"", "sp-ocm-ca-bundle");
    }

    [TestCase("""{ "key": "ca.crt" }""")]
    [TestCase("""{ "name": "trust" }""")]
    [TestCase("""{ "name": "", "key": "ca.crt" }""")]
    [TestCase("""{ "name": "trust", "key": "" }""")]
    [TestCase("""{ "name": "a,metadata.namespace=b", "key": "ca.crt" }""")]
    [TestCase("\"trust\"")]
    public void A_CA_bundle_reference_without_name_or_key_makes_the_ProviderConfig_invalid(string reference)
    {
        var spec = $$"""{ "caBundleRef": {{reference}} }""";

        Error(spec, "1").Reports(Reasons.InvalidProviderConfig, Phase.Progressing, Health.Degraded, "spec.caBundleRef", "platform operator");
        Assert.That(An.Config(spec).ConfigMapNames, Is.Empty);
    }

    private static void IsDefaultChart(ChartInputs inputs, string tag) => Assert.That(
        (inputs.Source.Url, inputs.Tag, inputs.Source.PullSecret, inputs.Source.Values, inputs.Source.ToolkitPullSecrets.Count),
        Is.EqualTo(("oci://" + ChartUrl.Default, tag, "", HelmValues.Default, 0)));

    private static ChartInputs Inputs(string spec, string version)
    {
        Assert.That(An.Config(spec).TryResolve(version, out var inputs, out var error), Is.True, error?.Message);
        return inputs!;
    }

    private static ReadyStatus Error(string spec, string version)
    {
        Assert.That(An.Config(spec).TryResolve(version, out var inputs, out var error), Is.False, inputs?.ToString());
        return error!;
    }
}
