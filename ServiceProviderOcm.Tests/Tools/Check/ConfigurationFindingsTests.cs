using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Core.Tools.Check;

namespace ServiceProviderOcm.Tests.Tools.Check;

public sealed class ConfigurationFindingsTests
{
    private static readonly Identity Identity = new(new ProviderApi(ProviderApi.DefaultGroup), "ocm", "provider-system");

    [Test]
    public void Without_a_ProviderConfig_there_is_a_warning() => Expect(
        ConfigurationFindings.OfConfig("name", See(null)), FindingStatus.Warning, "There is no ProviderConfig \"ocm\"");

    [Test]
    public void An_empty_ProviderConfig_is_valid() => Expect(
        ConfigurationFindings.OfConfig("name", See("{}")), FindingStatus.Ok, "every tag");

    [TestCase("""{ "chartURL": "https://example.com/chart" }""", "spec.chartURL")]
    [TestCase("""{ "values": [] }""", "spec.values")]
    [TestCase("""{ "versions": [{ "version": "1", "chartVersion": "1.0.0" }, { "version": "2", "chartVersion": "a+b" }] }""", "spec.versions[1].chartVersion")]
    [TestCase("""{ "caBundleRef": { "name": "trust" } }""", "spec.caBundleRef")]
    public void What_an_OCM_would_stumble_over_is_found_before(string spec, string said) => Expect(
        ConfigurationFindings.OfConfig("name", See(spec)), FindingStatus.Failed, said);

    [Test]
    public void All_faulty_entries_of_a_catalogue_are_named() => Expect(
        ConfigurationFindings.OfConfig("name", See(
            """{ "versions": [{ "version": "1", "chartVersion": "" }, { "version": "2", "chartVersion": "2", "chartURL": "x/y:1" }] }""")),
        FindingStatus.Failed,
        "spec.versions[0].chartVersion",
        "spec.versions[1].chartURL");

    [Test]
    public void Versions_on_offer_are_listed() => Expect(
        ConfigurationFindings.OfConfig("name", See(
            """{ "versions": [{ "version": "1", "chartVersion": "1" }, { "version": "stable", "chartVersion": "2" }] }""")),
        FindingStatus.Ok,
        "1, stable");

    [Test]
    public void Pull_secrets_of_chart_and_toolkit_have_to_be_there_and_of_the_right_type()
    {
        const string Spec = """
            {
              "imagePullSecret": { "name": "chart" },
              "values": { "manager": { "imagePullSecrets": [{ "name": "images" }, { "name": "old" }, { "name": "opaque" }] } }
            }
            """;
        Expect(
            ConfigurationFindings.OfPullSecrets(
                "name", See(Spec, Secret("images", Manifests.PullSecretType), Secret("old", Manifests.LegacyPullSecretType), Secret("opaque", "Opaque"))),
            FindingStatus.Failed,
            "There is no Secret provider-system/chart",
            "Secret provider-system/opaque on the platform cluster",
            "type Opaque");
        Expect(ConfigurationFindings.OfConfig("name", See(Spec)), FindingStatus.Ok, "valid");
    }

    [Test]
    public void The_cure_leads_to_where_reasons_are_explained()
    {
        var finding = ConfigurationFindings.OfPullSecrets("name", See("""{ "imagePullSecret": { "name": "chart" } }"""));

        Assert.That(finding.Cure, Does.Contain("docs/conditions.md").And.Contain(Reasons.ImagePullSecretMissing));
    }

    [Test]
    public void Where_none_is_named_none_is_missing()
    {
        Expect(ConfigurationFindings.OfPullSecrets("name", See("{}")), FindingStatus.Ok, "none");
        Expect(ConfigurationFindings.OfCaBundle("name", See("{}")), FindingStatus.Ok, "none");
    }

    [Test]
    public void A_CA_bundle_has_to_be_there() => Expect(
        ConfigurationFindings.OfCaBundle("name", See("""{ "caBundleRef": { "name": "trust", "key": "ca.crt" } }""")),
        FindingStatus.Failed,
        "There is no ConfigMap provider-system/trust");

    private static void Expect(Finding finding, FindingStatus status, params string[] said)
    {
        Assert.That(finding.Status, Is.EqualTo(status));
        Assert.That(said.Where(text => !finding.Message.Contains(text, StringComparison.Ordinal)), Is.Empty, finding.Message);
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
