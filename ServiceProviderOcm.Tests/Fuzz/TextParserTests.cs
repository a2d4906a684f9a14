using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.RegularExpressions;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Kubernetes.Yaml;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Tests.Support.Certificates;

namespace ServiceProviderOcm.Tests.Fuzz;

/// <summary>Parsers of YAML, PEM, durations and chart URLs.</summary>
[NonParallelizable]
public sealed class TextParserTests
{
    private static readonly string[] YamlCorpus =
    [
        "a: 1\nb: [x, 'y', \"z\"]\nc:\n  d: ~\n---\ne: |\n  text\n  text\n",
        "a: &a {b: 1}\nc: {<<: *a, d: 2}\ne: [*a, *a]\n",
        "apiVersion: v1\nkind: List\nitems:\n- kind: A\n- {kind: B}\n",
        "{\"a\": [1, 2.5, \"\\u00e9\\ud83d\\ude00\", null, true], \"b\": {}}\n{\"c\": 1}",
        "y: on\n1.0: 010\n.5: 0x1F\n? complex\n: value\n",
    ];

    private static readonly string[] YamlPieces =
    [
        ": ", "- ", "? ", "&a ", "*a", "<<: *a", "!!binary ", "!!int ", "!!float ", "!!null ", "!!str ", "!foo ", "!<x> ", "|\n", ">-\n", "---\n",
        "...\n", "%YAML 1.1\n", ".inf", "0x1F", "010", "1_000", "1e3", "y", "~", "\n  ", "\\ud83d", "\\x41", "[[", "{{", ", ", "# c\n", "{\"a\":",
    ];

    // As the chart URL was read before, without its time.
    private static readonly Regex Repository = new(
        @"^oci://(\[[0-9a-fA-F:]+\]|[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?)(:(?<port>[0-9]{1,5}))?(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)+\z",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    [Test]
    public void Any_YAML_is_read_or_rejected() => Fuzzing.Run(YamlCorpus, YamlPieces, text => Manifests(text));

    [Test]
    public void YAML_is_the_same_after_writing() => Fuzzing.Run(
        YamlCorpus,
        YamlPieces,
        text =>
        {
            foreach (var source in Manifests(text).Take(3))
            {
                var output = new StringWriter();
                YamlText.Write(output, source.Manifest.Json);
                var again = YamlManifests.Read("output", PrintableText.Yaml(output.ToString())).Single().Manifest;
                Assert.That(JsonElement.DeepEquals(again.Json, source.Manifest.Json), Is.True, output.ToString());
            }
        },
        limit: TimeSpan.MaxValue);

    [Test]
    public void Any_PEM_is_read_or_rejected()
    {
        var pki = new TestPki();
        var pair = pki.Client("someone");
        string[] corpus = [pki.Pem, pki.Pem + "\n" + pair.CertificatePem, pair.KeyPem, "-----BEGIN X-----\nAAAA\n-----END X-----\n"];
        string[] pieces =
        [
            "-----BEGIN ", "-----END ", "-----BEGIN CERTIFICATE-----\n", "-----END CERTIFICATE-----\n", "CERTIFICATE", "PRIVATE KEY", "-----",
            "AAAA", "====", "Proc-Type: 4,ENCRYPTED\n\n", pair.KeyPem,
        ];
        Fuzzing.Run(
            corpus,
            pieces,
            text => (
                Pem: PemCertificates.TryRead(text, out var pem, out _) ? pem : "",
                Bundle: Certificates.Bundle(text),
                HasCertificate: Certificates.IsPair(text, pair.KeyPem),
                HasKey: Certificates.IsPair(pair.CertificatePem, text)),
            (text, read) =>
            {
                Assert.That(read.Pem, Does.Not.Contain("PRIVATE KEY"));
                if (read is not ("", [], false, false))
                {
                    var found = PemOracle.Read(text);
                    var certificates = found.Where(block => block.Label == "CERTIFICATE").Select(block => block.Content).ToList();
                    Assert.That(PemOracle.Read(read.Pem).Select(block => block.Content), Is.SubsetOf(certificates));
                    Assert.That(read.Bundle.Select(each => Convert.ToHexString(each.RawDataMemory.Span)), Is.SubsetOf(certificates));
                    Assert.That(!read.HasCertificate || certificates.Count > 0, Is.True, "certificate");
                    Assert.That(!read.HasKey || found.Any(block => block.Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal)), Is.True, "key");
                }

                Certificates.Dispose(read.Bundle);
            },
            longest: Fuzzing.Long);
    }

    [Test]
    public void Any_duration_is_read_as_in_Go()
    {
        string[] corpus = ["0", "90s", "1h30m", "1.5h", "-1m1s", "300ms", "1us", "1µs", "1μs", "100ns", ".5s", "2562047h47m16.854775807s"];
        string[] pieces = ["h", "m", "s", "ms", "us", "ns", "µs", "d", "+", "-", ".", "1", "5", "00000000000000000000", "9223372036854775807", "9223372036854775808"];
        Fuzzing.Run(
            corpus,
            pieces,
            text => (IsDuration: GoDuration.TryParse(text, out var duration), Duration: duration),
            (text, read) =>
            {
                var expected = DurationOracle.Read(text);

                Assert.That(read.IsDuration, Is.EqualTo(expected is not null));
                Assert.That(BigInteger.Abs(read.Duration.Ticks - ((expected ?? 0) / 100)), Is.LessThanOrEqualTo(BigInteger.One));
            },
            longest: Fuzzing.Long);
    }

    [Test]
    public void Any_chart_URL_is_read_or_rejected_as_specified()
    {
        string[] corpus = [ChartUrl.Default, "oci://registry:5000/a/b-c/d__e", "[::1]:5000/chart", "10.0.0.1/a.b", "https://ghcr.io/a", "ghcr.io/a:1.0"];
        string[] pieces = ["oci://", "://", "/", ":", "@", "sha256:", ".", "_", "__", "--", "[", "]", "::", "a", "A", "0", "99999", "65535", "65536"];
        Fuzzing.Run(
            corpus,
            pieces,
            text => (IsUrl: ChartUrl.TryParse(text, out var url, out var error), Url: url, Error: error),
            (text, read) =>
            {
                var match = Repository.Match(text.Contains("://", StringComparison.Ordinal) ? text : "oci://" + text);
                var port = match.Groups["port"].Value;

                Assert.That(read.IsUrl, Is.EqualTo(match.Success && (port.Length == 0 || int.Parse(port, CultureInfo.InvariantCulture) is > 0 and <= 65535)));
                Assert.That(read.Error is null, Is.EqualTo(read.Url is not null));
                Assert.That(read.Error ?? "", Does.Not.Contain('\n').And.Length.LessThan(2500));
            },
            longest: Fuzzing.Long);
    }

    private static IReadOnlyList<SourcedObject> Manifests(string text)
    {
        try
        {
            return YamlManifests.Read("file", text);
        }
        catch (ManifestException)
        {
            return [];
        }
    }
}
