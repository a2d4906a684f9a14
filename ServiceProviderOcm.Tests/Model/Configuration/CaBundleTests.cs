using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Tests.Builders;
using ServiceProviderOcm.Tests.Support.Certificates;

namespace ServiceProviderOcm.Tests.Model.Configuration;

public sealed class CaBundleTests
{
    private const string Where = "ConfigMap openmcp-system/trust on the platform cluster";

    private static readonly string One = new TestPki("one").Pem;
    private static readonly string Two = new TestPki("two").Pem;
    private static readonly InstallConfig Config = An.Config("""{ "caBundleRef": { "name": "trust", "key": "ca.crt" } }""");

    [Test]
    public void Without_a_reference_there_is_no_bundle()
    {
        Assert.That(CaBundle.Read(An.Identity, An.Config("{}"), null), Is.SameAs(CaBundle.None));
        Assert.That(CaBundle.Read(An.Identity, InstallConfig.Missing(An.Identity), null), Is.SameAs(CaBundle.None));
        Assert.That(An.Config("{}").ConfigMapNames, Is.Empty);
    }

    [Test]
    public void Only_the_certificates_of_the_text_are_kept()
    {
        var bundle = Read($"# one, a comment\n{One}\n# another\r\n{Two.ReplaceLineEndings("\r\n")}\n{Crl()}");

        Assert.That(bundle.HasError(out _), Is.False);
        Assert.That(bundle.Pem, Is.EqualTo($"{One}\n{Two}\n"));
        Assert.That(X509CertificatesOf(bundle.Pem), Is.EqualTo(["CN=one", "CN=two"]));
    }

    [Test]
    public void The_checksum_is_that_of_the_certificates()
    {
        Assert.That(Read(One).Checksum, Is.EqualTo(Read($"# comment\n{One}").Checksum).And.Match("^[0-9a-f]{64}$"));
        Assert.That(Read(One).Checksum, Is.Not.EqualTo(Read(Two).Checksum));
    }

    [TestCase("""{ "name": "trust", "key": "ca.crt" }""", false)]
    [TestCase("""{ "name": "trust", "key": "ca.crt", "injectIntoToolkit": false }""", false)]
    [TestCase("""{ "name": "trust", "key": "ca.crt", "injectIntoToolkit": true }""", true)]
    public void The_bundle_is_injected_only_if_configured(string reference, bool isInjected) => Assert.That(
        CaBundle.Read(An.Identity, An.Config($$"""{ "caBundleRef": {{reference}} }"""), Map(One)).IsInjected, Is.EqualTo(isInjected));

    [Test]
    public void A_missing_ConfigMap_is_named() => Error(CaBundle.Read(An.Identity, Config, null))
        .Reports(Reasons.CaBundleMissing, Phase.Progressing, Health.Degraded, Where, "\"ocm\"", "create it");

    [Test]
    public void A_missing_key_is_named() => Error(CaBundle.Read(An.Identity, Config, Map(One, key: "other")))
        .Reports(Reasons.CaBundleMissing, Phase.Progressing, Health.Degraded, Where, "no key \"ca.crt\"");

    [TestCase("", "no PEM certificate")]
    [TestCase("hello", "no PEM certificate")]
    [TestCase("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "number 1, that is not an X.509 certificate")]
    [TestCase("-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n", "number 1, that cannot be read")]
    [TestCase("-----BEGIN CERTIFICATE-----\nAAAA\n", "number 1, that cannot be read")]
    [TestCase("-----BEGIN CERTIFICATE-----\nAAAA\n-----END OTHER-----\n", "number 1, that cannot be read")]
    public void Text_without_a_readable_certificate_is_rejected(string text, string error) => Error(Read(text))
        .Reports(Reasons.CaBundleInvalid, Phase.Progressing, Health.Degraded, Where, "key \"ca.crt\"", error, "platform operator");

    [Test]
    public void Nothing_may_follow_a_certificate_in_its_block()
    {
        var der = Convert.FromBase64String(string.Concat(One.ReplaceLineEndings("\n").Split('\n').Where(line => !line.StartsWith('-'))));

        Error(Read(PemEncoding.WriteString("CERTIFICATE", [.. der, 0])))
            .Reports(Reasons.CaBundleInvalid, Phase.Progressing, Health.Degraded, "number 1, that is not an X.509 certificate");
    }

    [Test]
    public void A_certificate_is_DER_whatever_OpenSSL_reads()
    {
        var der = new TestPki("one").Certificate.RawData;
        var parts = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        parts.ReadEncodedValue();
        parts.ReadEncodedValue();
        var signature = der.AsSpan(^parts.PeekEncodedValue().Length..);
        (signature[2], signature[^1]) = (2, (byte)(signature[^1] | 3));

        Assert.That(() => X509CertificateLoader.LoadCertificate(der).Dispose(), Throws.Nothing);
        Error(Read(PemEncoding.WriteString("CERTIFICATE", der)))
            .Reports(Reasons.CaBundleInvalid, Phase.Progressing, Health.Degraded, "number 1, that is not an X.509 certificate");
    }

    [Test]
    public void A_block_needs_lines_of_its_own() => Error(Read($"{One}{Two}"))
        .Reports(Reasons.CaBundleInvalid, Phase.Progressing, Health.Degraded, "number 1, whose BEGIN and END are not on lines of their own");

    [TestCase("-----BEGIN X-----\n")]
    [TestCase("-----BEGIN CERTIFICATE-----")]
    [TestCase("-----BEGIN ")]
    public void A_text_of_blocks_without_an_end_takes_linear_time(string begin) =>
        Assert.That(Read(string.Concat(Enumerable.Repeat(begin, 1_000_000 / begin.Length))).HasError(out _), Is.True);

    [Test]
    public void One_unreadable_block_makes_the_bundle_invalid() => Error(Read($"{One}\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n{Two}"))
        .Reports(Reasons.CaBundleInvalid, Phase.Progressing, Health.Degraded, "number 2");

    [TestCase("-----BEGIN {0}PRIVATE KEY-----\n{1}\n-----END {0}PRIVATE KEY-----\n")]
    [TestCase("-----BEGIN {0}PRIVATE KEY-----\n{1}\n")]
    [TestCase("-----begin {0}private key-----\n{1}\n")]
    public void A_private_key_is_rejected_and_not_quoted(string form)
    {
        const string Secret = "dG9wLXNlY3JldA==";
        foreach (var kind in (string[])["", "RSA ", "EC ", "ENCRYPTED ", "OPENSSH "])
        {
            var status = Error(Read($"{One}\n{string.Format(System.Globalization.CultureInfo.InvariantCulture, form, kind, Secret)}"));

            status.Reports(Reasons.CaBundleInvalid, Phase.Progressing, Health.Degraded, "private key", "remove it");
            Assert.That(status.Message, Does.Not.Contain(Secret));
        }
    }

    private static CaBundle Read(string text) => CaBundle.Read(An.Identity, Config, Map(text));

    private static ReadyStatus Error(CaBundle bundle)
    {
        Assert.That(bundle.IsSet, Is.False);
        return bundle.HasError(out var error) ? error : throw new AssertionException("The bundle has no error.");
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
