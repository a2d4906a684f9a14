using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Core.Tools.Check;

namespace ServiceProviderOcm.Tests.Tools.Check;

public sealed class ConfigurationCheckTests
{
    private static readonly Identity Identity = new(new ProviderApi(ProviderApi.DefaultGroup), "ocm", "provider-system");

    [Test]
    public void A_missing_ProviderConfig_is_a_warning() => Expect(
        ConfigurationCheck.OfConfig("name", See(null)), CheckStatus.Warning, "ProviderConfig \"ocm\" (ocm.services.openmcp.cloud/v1alpha1) not found");

    [Test]
    public void An_empty_ProviderConfig_is_valid() => Expect(
        ConfigurationCheck.OfConfig("name", See("{}")), CheckStatus.Ok, "every tag");

    [TestCase("""{ "chartURL": "https://example.com/chart" }""", "spec.chartURL")]
    [TestCase("""{ "values": [] }""", "spec.values")]
    [TestCase("""{ "versions": [{ "version": "1", "chartVersion": "1.0.0" }, { "version": "2", "chartVersion": "a+b" }] }""", "spec.versions[1].chartVersion")]
    [TestCase("""{ "caBundleRef": { "name": "trust" } }""", "spec.caBundleRef")]
    public void An_invalid_field_of_the_ProviderConfig_fails(string spec, string said) => Expect(
        ConfigurationCheck.OfConfig("name", See(spec)), CheckStatus.Failed, said);

    [Test]
    public void All_invalid_entries_of_the_catalog_are_reported() => Expect(
        ConfigurationCheck.OfConfig("name", See(
            """{ "versions": [{ "version": "1", "chartVersion": "" }, { "version": "2", "chartVersion": "2", "chartURL": "x/y:1" }] }""")),
        CheckStatus.Failed,
        "spec.versions[0].chartVersion",
        "spec.versions[1].chartURL");

    [Test]
    public void Versions_on_offer_are_listed() => Expect(
        ConfigurationCheck.OfConfig("name", See(
            """{ "versions": [{ "version": "1", "chartVersion": "1" }, { "version": "stable", "chartVersion": "2" }] }""")),
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
            ConfigurationCheck.OfPullSecrets(
                "name", See(Spec, Secret("images", Manifests.PullSecretType), Secret("old", Manifests.LegacyPullSecretType), Secret("opaque", "Opaque"))),
            CheckStatus.Failed,
            "There is no Secret provider-system/chart",
            "Secret provider-system/opaque on the platform cluster",
            "type Opaque");
        Expect(ConfigurationCheck.OfConfig("name", See(Spec)), CheckStatus.Ok, "valid");
    }

    [Test]
    public void The_fix_refers_to_the_documentation_of_the_reason()
    {
        var result = ConfigurationCheck.OfPullSecrets("name", See("""{ "imagePullSecret": { "name": "chart" } }"""));

        Assert.That(result.Fix, Does.Contain("docs/conditions.md").And.Contain(Reasons.ImagePullSecretMissing));
    }

    [Test]
    public void A_ProviderConfig_without_references_is_ok()
    {
        Expect(ConfigurationCheck.OfPullSecrets("name", See("{}")), CheckStatus.Ok, "none");
        Expect(ConfigurationCheck.OfCaBundle("name", See("{}")), CheckStatus.Ok, "none");
    }

    [Test]
    public void A_missing_CA_bundle_fails() => Expect(
        ConfigurationCheck.OfCaBundle("name", See("""{ "caBundleRef": { "name": "trust", "key": "ca.crt" } }""")),
        CheckStatus.Failed,
        "There is no ConfigMap provider-system/trust");

    private static void Expect(CheckResult result, CheckStatus status, params string[] said)
    {
        Assert.That(result.Status, Is.EqualTo(status));
        Assert.That(said.Where(text => !result.Message.Contains(text, StringComparison.Ordinal)), Is.Empty, result.Message);
    }

    private static Observation See(string? spec, params KubeObject[] secrets)
    {
        var config = spec is null ? null : KubeObject.Parse($$"""{ "metadata": { "name": "ocm" }, "spec": {{spec}} }""");
        return new Observation
        {
            Identity = Identity,
            Now = DateTimeOffset.UnixEpoch,
            Ocm = null,
            TenantNamespaceName = "",
            ProviderConfig = config,
            SourceSecrets = secrets.ToDictionary(secret => secret.Name),
            CaBundle = CaBundle.Read(Identity, config, configMap: null),
        };
    }

    private static KubeObject Secret(string name, string type) => KubeObject.Parse(
        $$"""{ "metadata": { "namespace": "provider-system", "name": "{{name}}" }, "type": "{{type}}" }""");
}
