using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.States;

namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>The certificate authorities that <c>spec.caBundleRef</c> of a ProviderConfig refers to.</summary>
/// <param name="Pem">The certificates; empty if there are none, or if there is an error.</param>
/// <param name="IsInjected">Whether the toolkit's Deployment is changed so that it trusts them.</param>
public sealed record CaBundle(string Pem, bool IsInjected)
{
    /// <summary>No bundle is configured.</summary>
    public static readonly CaBundle None = new("", IsInjected: false);

    private ReadyStatus? Error { get; init; }

    /// <summary>Whether there are certificates to trust.</summary>
    public bool IsSet => Pem.Length > 0;

    /// <summary>SHA-256 of the certificates, in hexadecimal: another one means another bundle.</summary>
    public string Checksum => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Pem)));

    /// <summary>A bundle that is configured, but cannot be used.</summary>
    public static CaBundle Unusable(ReadyStatus error) => None with { Error = error };

    /// <summary>Whether something prevents the bundle from being used.</summary>
    /// <param name="error">The status of an OCM that it is for.</param>
    public bool HasError([NotNullWhen(true)] out ReadyStatus? error)
    {
        error = Error;
        return error is not null;
    }

    /// <summary>Reads the bundle that a configuration refers to.</summary>
    /// <param name="identity">The identity of the provider.</param>
    /// <param name="config">The configuration.</param>
    /// <param name="configMap">The ConfigMap that it refers to; null if that does not exist.</param>
    public static CaBundle Read(Identity identity, InstallConfig config, KubeObject? configMap)
    {
        var reference = config.CaBundle;
        if (reference == CaBundleReference.None)
        {
            return None;
        }

        var key = ForeignText.Quote(reference.Key);
        var where = $"ConfigMap {identity.PodNamespace}/{reference.Name} on the platform cluster";
        if (configMap is null)
        {
            return Unusable(
                OcmState.CaBundleMissing,
                $"{where} does not exist; ProviderConfig \"{config.Name}\" names it in spec.caBundleRef. "
                    + "A platform operator must create it.");
        }

        if (configMap.Json.Text("data", reference.Key) is not { } text)
        {
            return Unusable(
                OcmState.CaBundleMissing,
                $"{where} has no key \"{key}\" in its data; ProviderConfig \"{config.Name}\" names it in spec.caBundleRef. "
                    + "A platform operator must add the key or fix the reference.");
        }

        return PemCertificates.TryRead(text, out var pem, out var error)
            ? new CaBundle(pem, reference.IsInjected)
            : Unusable(
                OcmState.CaBundleInvalid,
                $"{where}, key \"{key}\", {error}. Nothing of it is passed on. A platform operator must fix it.");
    }

    private static CaBundle Unusable(OcmState state, string message) => Unusable(new ReadyStatus(state, message));
}
