using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model;

/// <summary>The certificate authorities that a ProviderConfig wants trusted, as <c>spec.caBundleRef</c> refers to them.</summary>
/// <param name="Pem">The certificates; empty if there is a fault.</param>
/// <param name="IsInjected">Whether the toolkit's Deployment is to be made to trust them.</param>
/// <param name="Fault">What is wrong with the reference or with what it refers to, if something is.</param>
public sealed record CaBundle(string Pem, bool IsInjected, Verdict? Fault)
{
    /// <summary>SHA-256 of the certificates, in hexadecimal: another one means another bundle.</summary>
    public string Checksum => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Pem)));

    /// <summary>The ConfigMap that a ProviderConfig refers to, by name; empty if it refers to none.</summary>
    public static IReadOnlySet<string> ReferredConfigMaps(KubeObject? providerConfig) =>
        providerConfig?.Json.Text("spec", "caBundleRef", "name") is { } name && ObjectName.IsValid(name)
            ? new HashSet<string>(StringComparer.Ordinal) { name }
            : new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Reads the bundle; null if none is configured.</summary>
    /// <param name="identity">Who we are.</param>
    /// <param name="providerConfig">The ProviderConfig.</param>
    /// <param name="configMap">The ConfigMap that it refers to, if that exists.</param>
    public static CaBundle? Read(Identity identity, KubeObject? providerConfig, KubeObject? configMap)
    {
        if (providerConfig?.Json.At("spec", "caBundleRef") is not { } reference)
        {
            return null;
        }

        if (reference.Text("name") is not { } name || !ObjectName.IsValid(name) || reference.Text("key") is not { Length: > 0 } key)
        {
            return Faulty(
                Reasons.InvalidProviderConfig,
                $"ProviderConfig \"{providerConfig.Name}\": spec.caBundleRef has to have the name of a ConfigMap and a key. The "
                    + "platform operator has to correct it.");
        }

        var where = $"ConfigMap {identity.PodNamespace}/{name} on the platform cluster";
        if (configMap is null)
        {
            return Faulty(
                Reasons.CaBundleMissing,
                $"There is no {where}, which ProviderConfig \"{providerConfig.Name}\" names in spec.caBundleRef; the platform operator "
                    + "has to create it.");
        }

        if (configMap.Json.Text("data", key) is not { } text)
        {
            return Faulty(
                Reasons.CaBundleMissing,
                $"{where} has no key \"{key}\" in its data, which ProviderConfig \"{providerConfig.Name}\" names in spec.caBundleRef; "
                    + "the platform operator has to add it, or to correct the key.");
        }

        var isInjected = reference.At("injectIntoToolkit") is { ValueKind: JsonValueKind.True };
        return PemCertificates.TryRead(text, out var pem, out var problem)
            ? new CaBundle(pem, isInjected, Fault: null)
            : Faulty(
                Reasons.CaBundleInvalid,
                $"{where}, key \"{key}\", {problem}; nothing of it is passed on. The platform operator has to correct it.");
    }

    private static CaBundle Faulty(string reason, string message) =>
        new(Pem: "", IsInjected: false, Verdict.Fault(reason, message));
}
