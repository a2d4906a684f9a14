using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Yaml;

namespace ServiceProviderOcm.Core.Tools.Render;

/// <summary>A Secret as API servers keep it: with a type, and with <c>stringData</c> in <c>data</c>.</summary>
internal static class StoredSecret
{
    private const string DefaultType = "Opaque";

    /// <exception cref="ManifestException">A value is not what API servers take. The message does not quote it.</exception>
    public static KubeObject Of(SourcedObject source)
    {
        var stored = JsonObject.Create(source.Manifest.Json)!;
        var data = Map(source, stored, "data");
        foreach (var (key, value) in data)
        {
            if (value is not JsonValue text || !text.TryGetValue<string>(out var encoded) || !Base64.IsValid(encoded))
            {
                throw new ManifestException(
                    source.At, $"{source.Manifest}: the value of \"{key}\" in data is not base64; plain text goes into stringData");
            }
        }

        foreach (var (key, value) in Map(source, stored, "stringData"))
        {
            data[key] = value is JsonValue text && text.TryGetValue<string>(out var plain)
                ? Convert.ToBase64String(Encoding.UTF8.GetBytes(plain))
                : throw new ManifestException(
                    source.At, $"{source.Manifest}: the value of \"{key}\" in stringData is not text; put it in quotes");
        }

        stored.Remove("stringData");
        stored["type"] ??= DefaultType;
        stored["data"] = data.DeepClone();
        return KubeObject.From(stored);
    }

    private static JsonObject Map(SourcedObject source, JsonObject secret, string name) => secret[name] switch
    {
        null => [],
        JsonObject map => map,
        _ => throw new ManifestException(source.At, $"{source.Manifest}: {name} must be an object of keys and values"),
    };
}
