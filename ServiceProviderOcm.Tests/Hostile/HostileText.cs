using System.Globalization;
using System.Text;
using System.Text.Json;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Hostile;

/// <summary>Text with everything that must not get into a message, and the Secrets that it quotes.</summary>
internal static class HostileText
{
    /// <summary>The harmless beginning, by which tests find the quotation.</summary>
    public const string Marker = "registry-said";

    public const string Password = "pa55-w0rd<1>";
    public const string IdentityToken = "identity-token-4711";
    public const string KubeconfigToken = "kubeconfig-token-4711";

    public static readonly string Auth = Base64($"robot:{Password}");

    public static readonly string DockerConfig =
        $$"""{ "auths": { "ghcr.io": { "username": "robot", "password": "{{Password}}", "auth": "{{Auth}}", "identitytoken": "{{IdentityToken}}" } } }""";

    /// <summary>Text that controls terminals, and is too long.</summary>
    public static readonly string Controls =
        $"{Marker}\n\r\t\u001b[31mred\u001b[0m \u202eevil\u2066\u2028\u2029\ufeff\u200f\u200e\u009b2J\u0007{new string('x', 100_000)}";

    private static readonly string Kubeconfig = $"users:\n- name: u\n  user:\n    token: \"{KubeconfigToken}\"\n";

    public static readonly string[] Forbidden =
        [Password, IdentityToken, KubeconfigToken, Auth, Base64(Password), Base64(DockerConfig), Base64(Kubeconfig), "\"auths\""];

    public static readonly string Text =
        $"{Marker}:\n\r{Password} {Auth}\t{IdentityToken} {KubeconfigToken} {DockerConfig} {Base64(Password)}\u001b[31mred\u001b[0m "
        + $"\u202eevil\u2066\u2028\u2029\ufeff\u200f\u200e\u009b2J\u0007 {Base64(DockerConfig)[..80]}{new string('x', 100_000)}";

    public static KubeObject PullSecret => KubeObject.Parse(
        $$"""{ "kind": "Secret", "metadata": { "name": "hostile" }, "data": { ".dockerconfigjson": "{{Base64(DockerConfig)}}" } }""");

    public static KubeObject KubeconfigSecret => KubeObject.Parse(
        $$"""{ "kind": "Secret", "metadata": { "name": "kubeconfig" }, "data": { "kubeconfig": "{{Base64(Kubeconfig)}}" } }""");

    /// <summary>Asserts that a text may be shown to anybody, in one line.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxBytes">Its maximum length in UTF-8.</param>
    public static void AssertHarmless(string text, int maxBytes = 1024)
    {
        Assert.That(text.EnumerateRunes().Where(IsHarmful), Is.Empty, text);
        foreach (var secret in Forbidden)
        {
            Assert.That(text, Does.Not.Contain(secret));
        }

        Assert.That(Encoding.UTF8.GetByteCount(text), Is.LessThanOrEqualTo(maxBytes));
    }

    /// <summary>All strings in JSON.</summary>
    public static IEnumerable<string> StringsOf(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => [json.GetString()!],
        JsonValueKind.Array => json.EnumerateArray().SelectMany(StringsOf),
        JsonValueKind.Object => json.EnumerateObject().SelectMany(property => StringsOf(property.Value)),
        _ => [],
    };

    public static string Quoted(string text) => JsonSerializer.Serialize(text);

    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static bool IsHarmful(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate;
}
