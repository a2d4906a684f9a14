using System.Text;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Sandbox.Demo.StandIns;

/// <summary>
/// How the stand-in for Flux verifies charts, without cryptography: every chart that is signed is signed by one key and one identity, and
/// <c>spec.verify</c> of an OCIRepository has to name one of them.
/// </summary>
public static class ChartSignatures
{
    /// <summary>The public key for cosign, and the certificate for notation.</summary>
    public const string PublicKey = "-----BEGIN PUBLIC KEY-----\nc2FuZGJveA==\n-----END PUBLIC KEY-----\n";

    /// <summary>The issuer of the identity.</summary>
    public const string Issuer = "https://issuer.example.com";

    /// <summary>The subject of the identity.</summary>
    public const string Subject = "https://ci.example.com/charts";

    /// <summary>Verifies a chart.</summary>
    /// <param name="repository">The OCIRepository.</param>
    /// <param name="reference">The chart's URL and tag.</param>
    /// <param name="isSigned">Whether the chart is signed at all.</param>
    /// <param name="secret">The Secret that <c>spec.verify.secretRef</c> names; null if it does not exist.</param>
    /// <returns>Why the signature is not accepted; null if it is, or if nothing has to be verified.</returns>
    public static string? ErrorOf(KubeObject repository, string reference, bool isSigned, KubeObject? secret)
    {
        if (repository.At("spec", "verify") is not { } verify)
        {
            return null;
        }

        var provider = verify.Text("provider") ?? "cosign";
        var hasSecret = verify.Text("secretRef", "name") is { Length: > 0 };
        var error = hasSecret && secret is null ? $"secrets \"{verify.Text("secretRef", "name")}\" not found"
            : hasSecret && provider == "notation" && secret!.Text("data", "trustpolicy.json") is null ? "'trustpolicy.json' not found in secret"
            : isSigned && (hasSecret ? HasKey(secret!, provider) : IsIdentityAccepted(repository)) ? null
            : $"no matching signatures were found for '{reference}'";
        return error is null
            ? null
            : $"failed to verify the signature using provider '{provider}{(hasSecret ? "" : " keyless")}': {error}";
    }

    private static bool HasKey(KubeObject secret, string provider) => secret.Json.TextMap("data").Any(entry =>
        (provider == "notation"
            ? entry.Key.EndsWith(".crt", StringComparison.Ordinal) || entry.Key.EndsWith(".pem", StringComparison.Ordinal)
            : entry.Key.EndsWith(".pub", StringComparison.Ordinal))
        && Encoding.UTF8.GetString(Convert.FromBase64String(entry.Value)) == PublicKey);

    private static bool IsIdentityAccepted(KubeObject repository)
    {
        var identities = repository.Json.Items("spec", "verify", "matchOIDCIdentity").ToList();
        return identities.Count == 0 || identities.Exists(identity =>
            IsText(identity.Text("issuer"), Issuer) && IsText(identity.Text("subject"), Subject));
    }

    // A regular expression without operators.
    private static bool IsText(string? pattern, string text) => pattern?.Trim('^', '$') == text;
}
