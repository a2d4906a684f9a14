using System.Text;
using System.Text.Json;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Support.Certificates;

namespace ServiceProviderOcm.Tests.Kubernetes.Kubeconfig;

/// <summary>
/// What kubeconfigs mean, in files and in Secrets. <c>kubeconfigs.json</c> has what client-go makes of each (kubectl 1.32), what differs
/// here on purpose and why (<c>here</c>), and the field for which one from a Secret is rejected (<c>secret</c>).
/// </summary>
public sealed class KubeconfigTableTests
{
    private static readonly TestPki Pki = new();
    private static readonly ClientPair Pair = Pki.Client("someone");

    private static IEnumerable<TestCaseData> All => Table.Select(entry => new TestCaseData(entry).SetArgDisplayNames(entry.Text("name")!));

    private static IEnumerable<TestCaseData> InSecrets => Table.Where(entry => entry.At("secret") is not null)
        .Select(entry => new TestCaseData(entry).SetArgDisplayNames(entry.Text("name")!));

    private static IEnumerable<JsonElement> Table => JsonReading.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Kubernetes", "Kubeconfig", "kubeconfigs.json"))).EnumerateArray();

    [TestCaseSource(nameof(All))]
    public void Kubeconfig_files_mean_what_they_mean_to_client_go(JsonElement entry)
    {
        var expected = entry.At("here") ?? entry.At("clientGo")!.Value;
        if (expected.ValueKind == JsonValueKind.String)
        {
            Assert.That(() => Resolve(entry), Throws.TypeOf<KubeconfigException>());
            return;
        }

        Assert.That(Shown(Resolve(entry)), Is.EqualTo(Shown(expected)));
    }

    [TestCaseSource(nameof(InSecrets))]
    public void Kubeconfigs_in_Secrets_have_harmless_fields_only(JsonElement entry)
    {
        using var source = new KubeconfigSecretSource("Secret a/b", ClientOptions.Connection);
        var text = Texts(entry).Single();
        var expected = entry.Text("secret")!;
        if (expected == "accepted")
        {
            Assert.That(() => source.Update(text), Throws.Nothing);
            return;
        }

        Assert.That(() => source.Update(text), Throws.TypeOf<KubeconfigException>().With.Message.Contains(expected));
    }

    private static ConnectionSettings Resolve(JsonElement entry)
    {
        var roots = Texts(entry).Select((text, index) => KubeconfigText.Parse(text, new ConfigOrigin($"file {index}", "/")));
        return SettingsResolver.Resolve(new MergedConfig([.. roots]), entry.Text("context"));
    }

    private static IEnumerable<string> Texts(JsonElement entry) => entry.Items("files").Select(file => new StringBuilder(file.GetString())
        .Replace("${ca}", Pki.Data)
        .Replace("${ca:lines}", string.Join("\n      ", Pki.Data.Chunk(64).Select(line => new string(line))))
        .Replace("${cert}", Pair.CertificateData)
        .Replace("${key}", Pair.KeyData)
        .ToString());

    private static string Shown(ConnectionSettings settings) => Shown(
        settings.Server.AbsoluteUri,
        settings.TlsServerName,
        settings.Proxy?.OriginalString,
        settings.SkipTlsVerify,
        settings.CertificateAuthorityPem is not null,
        settings.ClientCertificatePem is not null,
        settings.Token,
        settings.TokenFile,
        settings.Username,
        settings.Password,
        settings.Exec?.Command,
        settings.Impersonation is { } user ? string.Join(", ", user.Headers.Select(header => $"{header.Name}:{header.Value}")) : null);

    private static string Shown(JsonElement expected) => Shown(
        new Uri(expected.Text("server")! + (expected.Text("server")!.EndsWith('/') ? "" : "/")).AbsoluteUri,
        expected.Text("serverName"),
        expected.Text("proxy"),
        expected.At("insecure") is not null,
        expected.At("authority") is not null,
        expected.At("certificate") is not null,
        expected.Text("token"),
        expected.Text("tokenFile"),
        expected.Text("username"),
        expected.Text("password"),
        expected.Text("exec"),
        expected.Text("impersonate"));

    private static string Shown(params object?[] parts) => string.Join(" | ", parts);
}
