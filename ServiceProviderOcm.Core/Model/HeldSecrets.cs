using System.Text;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;

namespace ServiceProviderOcm.Core.Model;

/// <summary>The values in Secrets that messages must not show, whoever wrote the message.</summary>
public static class HeldSecrets
{
    private static readonly string[] RegistryFields = ["auth", "password", "identitytoken", "registrytoken"];
    private static readonly string[] KubeconfigFields = ["token:", "password:", "client-key-data:"];

    /// <summary>
    /// The values of Secrets: each key's value, the credentials of each registry in a pull secret, and tokens and keys in a kubeconfig.
    /// </summary>
    public static SecretValues Of(IEnumerable<KubeObject> secrets) => new(() => secrets
        .SelectMany(secret => secret.Json.TextMap("data").Values)
        .Distinct(StringComparer.Ordinal)
        .SelectMany(encoded => Decoded(encoded) is { } value ? PartsOf(value).Append(value).Append(value.Trim()) : []));

    private static IEnumerable<string> PartsOf(string value) => value.AsSpan().TrimStart().StartsWith('{')
        ? OfRegistries(value)
        : OfKubeconfig(value);

    private static IEnumerable<string> OfRegistries(string value)
    {
        try
        {
            using var config = JsonReading.OpenFlat(Encoding.UTF8.GetBytes(value));
            return [.. Registries(config.RootElement.At("auths") ?? config.RootElement).SelectMany(OfRegistry)];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static IEnumerable<JsonElement> Registries(JsonElement auths) =>
        auths.ValueKind == JsonValueKind.Object ? auths.EnumerateObject().Select(registry => registry.Value) : [];

    private static IEnumerable<string> OfRegistry(JsonElement registry)
    {
        foreach (var value in RegistryFields.Select(field => registry.Text(field)).OfType<string>())
        {
            yield return value;
        }

        if (registry.Text("auth") is { } auth && Decoded(auth) is { } pair)
        {
            yield return pair;
            yield return pair[(pair.IndexOf(':', StringComparison.Ordinal) + 1)..];
        }
    }

    private static IEnumerable<string> OfKubeconfig(string value) =>
        from line in value.Split('\n')
        from field in KubeconfigFields
        let at = line.IndexOf(field, StringComparison.Ordinal)
        where at >= 0
        select line[(at + field.Length)..].Trim().Trim('"', '\'');

    private static string? Decoded(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var count) ? Encoding.UTF8.GetString(bytes, 0, count) : null;
    }
}
