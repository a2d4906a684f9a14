using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Core.Tools.Check;

namespace ServiceProviderOcm.Tests.Tools.Check;

public sealed class ConfigurationCheckTests
{
    private static readonly Identity Identity = new(new ProviderApi(ProviderApi.DefaultGroup), "ocm", "provider-system");

    [Test]
    public void A_missing_ProviderConfig_is_a_warning() => Expect(
        See(null).OfConfig("name"), CheckStatus.Warning, "ProviderConfig \"ocm\"", "not found");

    [Test]
    public void An_empty_ProviderConfig_is_valid() => Expect(
        See("{}").OfConfig("name"), CheckStatus.Ok, "every tag");

    [TestCase("""{ "chartURL": "https://example.com/chart" }""", "spec.chartURL")]
    [TestCase("""{ "values": [] }""", "spec.values")]
    [TestCase("""{ "versions": [{ "version": "1", "chartVersion": "1.0.0" }, { "version": "2", "chartVersion": "a+b" }] }""", "spec.versions[1].chartVersion")]
    [TestCase("""{ "caBundleRef": { "name": "trust" } }""", "spec.caBundleRef")]
    public void An_invalid_field_of_the_ProviderConfig_fails(string spec, string said) => Expect(
        See(spec).OfConfig("name"), CheckStatus.Failed, said);

    [Test]
    public void All_invalid_entries_of_the_catalog_are_reported() => Expect(
        See(
            """{ "versions": [{ "version": "1", "chartVersion": "" }, { "version": "2", "chartVersion": "2.0.0", "chartURL": "x/y:1" }] }""").OfConfig("name"),
        CheckStatus.Failed,
        "spec.versions[0].chartVersion",
        "spec.versions[1].chartURL");

    [Test]
    public void Versions_on_offer_are_listed() => Expect(
        See(
            """{ "versions": [{ "version": "1", "chartVersion": "1.0.0" }, { "version": "stable", "chartVersion": "2.0.0" }] }""").OfConfig("name"),
        CheckStatus.Ok,
        "1, stable");

    [Test]
    public void Pull_secrets_must_exist_and_have_the_required_type()
    {
        const string Spec = """
            {
              "imagePullSecret": { "name": "chart" },
              "values": { "manager": { "imagePullSecrets": [{ "name": "images" }, { "name": "old" }, { "name": "opaque" }] } }
            }
            """;
        Expect(
            See(Spec, Secret("images", Manifests.PullSecretType), Secret("old", Manifests.LegacyPullSecretType), Secret("opaque", "Opaque")).OfPullSecrets("name"),
            CheckStatus.Failed,
            "Secret provider-system/chart does not exist",
            "Secret provider-system/opaque on the platform cluster",
            "type Opaque");
        Expect(See(Spec).OfConfig("name"), CheckStatus.Ok, "valid");
    }

    [Test]
    public void A_chart_pull_secret_of_the_older_type_is_accepted_with_a_warning_and_one_of_the_toolkit_without() => Expect(
        See(
            """{ "imagePullSecret": { "name": "chart" }, "values": { "manager": { "imagePullSecrets": [{ "name": "images" }] } } }""",
            Secret("chart", Manifests.LegacyPullSecretType),
            Secret("images", Manifests.LegacyPullSecretType)).OfPullSecrets("name"),
        CheckStatus.Warning,
        "Secret provider-system/chart on the platform cluster is of type kubernetes.io/dockercfg, and accepted since it has the key .dockercfg. "
            + "Replace it by one of type kubernetes.io/dockerconfigjson.");

    [Test]
    public void The_fix_refers_to_the_documentation_of_the_reason()
    {
        var result = See("""{ "imagePullSecret": { "name": "chart" } }""").OfPullSecrets("name");

        Assert.That(result.Fix, Does.Contain("docs/conditions.md").And.Contain(Reasons.ImagePullSecretMissing));
    }

    [Test]
    public void A_ProviderConfig_without_references_is_ok()
    {
        Expect(See("{}").OfPullSecrets("name"), CheckStatus.Ok, "none");
        Expect(See("{}").OfCaBundle("name"), CheckStatus.Ok, "none");
    }

    [Test]
    public void A_missing_CA_bundle_fails() => Expect(
        See("""{ "caBundleRef": { "name": "trust", "key": "ca.crt" } }""").OfCaBundle("name"),
        CheckStatus.Failed,
        "ConfigMap provider-system/trust on the platform cluster does not exist");

    private static void Expect(CheckResult result, CheckStatus status, params string[] said)
    {
        Assert.That(result.Status, Is.EqualTo(status));
        Assert.That(said.Where(text => !result.Message.Contains(text, StringComparison.Ordinal)), Is.Empty, result.Message);
    }

    private static ConfigurationCheck See(string? spec, params KubeObject[] secrets)
    {
        var config = spec is null
            ? InstallConfig.Missing(Identity)
            : InstallConfigReader.Read(Identity, KubeObject.Parse($$"""{ "metadata": { "name": "ocm" }, "spec": {{spec}} }"""));
        return new ConfigurationCheck(Identity, config, secrets.ToDictionary(secret => secret.Name), configMap: null);
    }

    private static KubeObject Secret(string name, string type) => KubeObject.Parse(
        $$"""{ "metadata": { "namespace": "provider-system", "name": "{{name}}" }, "type": "{{type}}" }""");
}
