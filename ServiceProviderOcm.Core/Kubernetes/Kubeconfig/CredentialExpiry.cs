using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>When the credentials in a kubeconfig expire, as far as it is known. Pure functions.</summary>
internal static class CredentialExpiry
{
    private const int MaxTokenLength = 16 << 10;

    // The end of the year 9999.
    private const long MaxUnixSeconds = 253_402_300_799;

    /// <summary>
    /// When the first of the client certificate and the token expires; null if neither does, or it is not known. Credentials that are renewed
    /// during a connection, by a plugin or in a file, do not count.
    /// </summary>
    public static DateTimeOffset? Of(ConnectionSettings settings)
    {
        if (settings.Exec is not null)
        {
            return null;
        }

        DateTimeOffset?[] expirations =
        [
            settings.ClientCertificatePem is { } pem ? Certificates.ExpiryOf(pem) : null,
            settings is { Token: { } token, TokenFile: null } ? OfToken(token) : null,
        ];
        return expirations.Min();
    }

    // The claim "exp" of a JSON Web Token. Only the server can verify its signature.
    private static DateTimeOffset? OfToken(string token)
    {
        if (token.Length > MaxTokenLength || token.Split('.') is not [_, var claims, _] || !Base64Url.IsValid(claims))
        {
            return null;
        }

        try
        {
            var json = JsonReading.Parse(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(claims)));
            return json.Number("exp") is > 0 and <= MaxUnixSeconds and var seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
