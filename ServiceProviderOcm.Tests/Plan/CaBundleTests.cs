using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Tests.Kubernetes.Kubeconfig;

namespace ServiceProviderOcm.Tests.Plan;

public sealed class CaBundleTests
{
    private const string Where = "ConfigMap openmcp-system/trust on the platform cluster";

    private static readonly string One = new TestPki("one").Pem;
    private static readonly string Two = new TestPki("two").Pem;
    private static readonly KubeObject Config = An.ProviderConfig("""{ "caBundleRef": { "name": "trust", "key": "ca.crt" } }""");

    [Test]
    public void Without_a_reference_there_is_none()
    {
        Assert.That(CaBundle.Read(An.Identity, An.ProviderConfig("{}"), null), Is.Null);
        Assert.That(CaBundle.Read(An.Identity, null, null), Is.Null);
        Assert.That(CaBundle.ReferredConfigMaps(An.ProviderConfig("{}")), Is.Empty);
    }

    [Test]
    public void Certificates_are_taken_over_and_what_is_between_them_is_not()
    {
        var bundle = Read($"# one, a comment\n{One}\n# another\r\n{Two.ReplaceLineEndings("\r\n")}\n{Crl()}")!;

        Assert.That(bundle.Fault, Is.Null);
        Assert.That(bundle.Pem, Is.EqualTo($"{One}\n{Two}\n"));
        Assert.That(X509CertificatesOf(bundle.Pem), Is.EqualTo(["CN=one", "CN=two"]));
    }

    [Test]
    public void The_checksum_is_that_of_the_certificates()
    {
        Assert.That(Read(One)!.Checksum, Is.EqualTo(Read($"# comment\n{One}")!.Checksum).And.Match("^[0-9a-f]{64}$"));
        Assert.That(Read(One)!.Checksum, Is.Not.EqualTo(Read(Two)!.Checksum));
    }

    [TestCase("""{ "name": "trust", "key": "ca.crt" }""", false)]
    [TestCase("""{ "name": "trust", "key": "ca.crt", "injectIntoToolkit": false }""", false)]
    [TestCase("""{ "name": "trust", "key": "ca.crt", "injectIntoToolkit": true }""", true)]
    public void Only_who_asks_for_it_has_it_injected(string reference, bool isInjected) => Assert.That(
        CaBundle.Read(An.Identity, An.ProviderConfig($$"""{ "caBundleRef": {{reference}} }"""), Map(One))!.IsInjected, Is.EqualTo(isInjected));

    [TestCase("""{ "key": "ca.crt" }""")]
    [TestCase("""{ "name": "trust" }""")]
    [TestCase("""{ "name": "", "key": "ca.crt" }""")]
    [TestCase("""{ "name": "trust", "key": "" }""")]
    [TestCase("""{ "name": "a,metadata.namespace=b", "key": "ca.crt" }""")]
    [TestCase("\"trust\"")]
    public void A_reference_that_is_none_is_a_fault_of_the_ProviderConfig(string reference)
    {
        var config = An.ProviderConfig($$"""{ "caBundleRef": {{reference}} }""");

        Fault(CaBundle.Read(An.Identity, config, Map(One)))
            .Says(Reasons.InvalidProviderConfig, Phase.Progressing, Severity.Fault, "spec.caBundleRef", "platform operator");
    }

    [Test]
    public void A_missing_ConfigMap_is_named() => Fault(CaBundle.Read(An.Identity, Config, null))
        .Says(Reasons.CaBundleMissing, Phase.Progressing, Severity.Fault, Where, "\"ocm\"", "create it");

    [Test]
    public void A_missing_key_is_named() => Fault(CaBundle.Read(An.Identity, Config, Map(One, key: "other")))
        .Says(Reasons.CaBundleMissing, Phase.Progressing, Severity.Fault, Where, "no key \"ca.crt\"");

    [TestCase("", "no PEM certificate")]
    [TestCase("hello", "no PEM certificate")]
    [TestCase("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "number 1, that is not an X.509 certificate")]
    [TestCase("-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n", "number 1, that cannot be read")]
    [TestCase("-----BEGIN CERTIFICATE-----\nAAAA\n", "number 1, that cannot be read")]
    [TestCase("-----BEGIN CERTIFICATE-----\nAAAA\n-----END OTHER-----\n", "number 1, that cannot be read")]
    public void What_is_no_bundle_is_refused_with_the_reason(string text, string problem) => Fault(Read(text))
        .Says(Reasons.CaBundleInvalid, Phase.Progressing, Severity.Fault, Where, "key \"ca.crt\"", problem, "platform operator");

    [Test]
    public void One_bad_block_spoils_the_bundle() => Fault(Read($"{One}\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n{Two}"))
        .Says(Reasons.CaBundleInvalid, Phase.Progressing, Severity.Fault, "number 2");

    [TestCase("-----BEGIN {0}PRIVATE KEY-----\n{1}\n-----END {0}PRIVATE KEY-----\n")]
    [TestCase("-----BEGIN {0}PRIVATE KEY-----\n{1}\n")]
    [TestCase("-----begin {0}private key-----\n{1}\n")]
    public void A_private_key_is_refused_and_not_quoted(string form)
    {
        const string Secret = "dG9wLXNlY3JldA==";
        foreach (var kind in (string[])["", "RSA ", "EC ", "ENCRYPTED ", "OPENSSH "])
        {
            var verdict = Fault(Read($"{One}\n{string.Format(System.Globalization.CultureInfo.InvariantCulture, form, kind, Secret)}"));

            verdict.Says(Reasons.CaBundleInvalid, Phase.Progressing, Severity.Fault, "private key", "take it out");
            Assert.That(verdict.Message, Does.Not.Contain(Secret));
        }
    }

    private static CaBundle? Read(string text) => CaBundle.Read(An.Identity, Config, Map(text));

    private static Verdict Fault(CaBundle? bundle)
    {
        Assert.That(bundle!.Pem, Is.Empty);
        return bundle.Fault!;
    }

    private static KubeObject Map(string text, string key = "ca.crt") => KubeObject.From(new JsonObject
    {
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = "trust", ["namespace"] = "openmcp-system" },
        ["data"] = new JsonObject { [key] = text },
    });

    private static string Crl() => PemEncoding.WriteString("X509 CRL", [1, 2, 3]);

    private static IEnumerable<string> X509CertificatesOf(string pem)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(pem);
        return certificates.Select(certificate => certificate.Subject);
    }
}
