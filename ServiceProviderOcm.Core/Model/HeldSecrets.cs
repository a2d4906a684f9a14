using System.Text;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;

namespace ServiceProviderOcm.Core.Model;

/// <summary>The values in Secrets that messages must not show, whoever wrote the message.</summary>
public static class HeldSecrets
{
    private static readonly string[] RegistryFields = ["auth", "password", "identitytoken", "registrytoken"];
    private static readonly string[] KubeconfigFields = ["token", "password", "client-key-data"];
    private const string KubeconfigKey = "kubeconfig";

    // Real ones have fewer and shorter credentials, and all forms of each are kept while a message is redacted.
    private const int MaxCredentials = 50;
    private const int LongestCredential = 8192;

    /// <summary>
    /// The values of Secrets: each key's value, the credentials of each registry in a pull secret, and tokens and keys in a kubeconfig, of
    /// which the rest is no secret and may be large.
    /// </summary>
    /// <param name="secrets">The Secrets.</param>
    /// <param name="credentials">Values that are held without the Secret that they are from.</param>
    public static SecretValues Of(IEnumerable<KubeObject> secrets, params IEnumerable<string> credentials) => new(() => secrets
        .SelectMany(secret => secret.Json.TextMap("data"))
        .DistinctBy(entry => entry.Value, StringComparer.Ordinal)
        .SelectMany(entry => Decoded(entry.Value) is { } value ? ValuesOf(entry.Key, value) : [])
        .Concat(credentials));

    private static IEnumerable<string> ValuesOf(string key, string value) => key == KubeconfigKey
        ? OfKubeconfig(value)
        : [.. value.AsSpan().TrimStart().StartsWith('{') ? OfRegistries(value) : OfKubeconfig(value), value, value.Trim()];

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

    // Fields of block and flow style, and of JSON. Each character is read once.
    private static IEnumerable<string> OfKubeconfig(string text) => KubeconfigFields
        .SelectMany(field => OfField(text, field).Take(MaxCredentials));

    private static IEnumerable<string> OfField(string text, string field)
    {
        for (var at = text.IndexOf(field, StringComparison.Ordinal); at >= 0; at = text.IndexOf(field, at, StringComparison.Ordinal))
        {
            at += field.Length;
            var colon = at + (text.AsSpan(at) is ['"' or '\'', ..] ? 1 : 0);
            if (colon < text.Length && text[colon] == ':')
            {
                var value = ValueAt(text, colon + 1);
                at = value.End.Value;
                yield return text[value.Start..Math.Min(at, value.Start.Value + LongestCredential)];
            }
        }
    }

    private static Range ValueAt(string text, int start)
    {
        var spaces = text.AsSpan(start).IndexOfAnyExcept(' ', '\t');
        start = spaces < 0 ? text.Length : start + spaces;
        if (start < text.Length && text[start] is '"' or '\'' && text.IndexOf(text[start], start + 1) is > 0 and var quote)
        {
            return (start + 1)..quote;
        }

        var end = text.AsSpan(start).IndexOfAny(",}\r\n".AsSpan());
        end = end < 0 ? text.Length : start + end;
        return start..(start + text.AsSpan(start, end - start).TrimEnd().Length);
    }

    private static string? Decoded(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var count) ? Encoding.UTF8.GetString(bytes, 0, count) : null;
    }
}
