using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>What a credential plugin has issued.</summary>
internal sealed class ExecCredential
{
    public string? Token { get; private init; }

    public string? ClientCertificatePem { get; private init; }

    public string? ClientKeyPem { get; private init; }

    public DateTimeOffset? Expires { get; private init; }

    /// <exception cref="KubeconfigException">It is not a usable ExecCredential.</exception>
    public static ExecCredential Parse(string json, ExecSettings settings)
    {
        try
        {
            var root = JsonReading.Parse(json);
            if (Text(root, "kind") != "ExecCredential" || Text(root, "apiVersion") != settings.ApiVersion)
            {
                throw new KubeconfigException($"{settings.Field}: the plugin must print an ExecCredential of {settings.ApiVersion}");
            }

            return Parse(root.GetProperty("status"), settings);
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new KubeconfigException($"{settings.Field}: the plugin printed something other than an ExecCredential with a status");
        }
    }

    private static ExecCredential Parse(JsonElement status, ExecSettings settings)
    {
        var credential = new ExecCredential
        {
            Token = Text(status, "token"),
            ClientCertificatePem = Text(status, "clientCertificateData"),
            ClientKeyPem = Text(status, "clientKeyData"),
            Expires = status.TryGetProperty("expirationTimestamp", out var expires) && expires.ValueKind != JsonValueKind.Null
                ? expires.GetDateTimeOffset()
                : null,
        };

        if (credential.Error is { } error)
        {
            throw new KubeconfigException($"{settings.Field}: the plugin's {error}");
        }

        return credential;
    }

    private string? Error => this switch
    {
        { Token: null, ClientCertificatePem: null, ClientKeyPem: null } => "status has neither a token nor a client certificate",
        { Token: { } token } when !BearerToken.IsValid(token) => "status.token is not printable ASCII without spaces",
        { ClientCertificatePem: null, ClientKeyPem: null } => null,
        { ClientCertificatePem: { } certificate, ClientKeyPem: { } key } when Certificates.IsPair(certificate, key) => null,
        _ => "status.clientCertificateData and clientKeyData are not a certificate and its unencrypted RSA or EC key in PEM",
    };

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.GetString() is { Length: > 0 } text ? text : null;
}
