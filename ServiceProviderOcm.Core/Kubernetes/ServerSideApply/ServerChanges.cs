using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.ServerSideApply;

/// <summary>
/// What a server, or an admission webhook, does to each object of a kind, as texts to be remembered: fields that it fills in again, fields
/// that it does not keep.
/// </summary>
public static class ServerChanges
{
    private const int LongestValue = 128;

    /// <summary>
    /// The fields, with their values, that a merge patch sets to null and that are there all the same once it has been carried out.
    /// </summary>
    public static IEnumerable<string> NotRemoved(string kind, JsonElement patch, JsonElement result) => NotRemoved(kind, patch, result, null);

    /// <summary>What the server has made of an applied manifest: fields that it has not kept, and lists that it has extended.</summary>
    public static IReadOnlyList<string> NotApplied(KubeObject manifest, KubeObject result) =>
        DriftWalk.Compare(manifest, result, DriftRules.None).ServerChanges;

    internal static string Filled(string kind, FieldPath path, JsonElement value) => $"{kind}.{Text(path)}={Text(value)}";

    internal static string NotKept(string kind, FieldPath path) => $"{kind}.{Text(path)} is not kept";

    private static IEnumerable<string> NotRemoved(string kind, JsonElement patch, JsonElement result, FieldPath? above) =>
        patch.EnumerateObject().SelectMany(field =>
        {
            var path = new FieldPath(above, field.Name);
            return result.ValueKind != JsonValueKind.Object || !result.TryGetProperty(field.Name, out var left) ? []
                : field.Value.ValueKind == JsonValueKind.Null ? [Filled(kind, path, left)]
                : field.Value.ValueKind == JsonValueKind.Object ? NotRemoved(kind, field.Value, left, path)
                : [];
        });

    private static string Text(FieldPath path) => string.Join('.', path.Names.Select(name =>
        name.AsSpan().ContainsAny(".=\"") ? $"\"{name.Replace("\"", "\\\"", StringComparison.Ordinal)}\"" : name));

    private static string Text(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length <= LongestValue ? text : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
