using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Packaging.Oci;

/// <summary>A reference to a blob.</summary>
/// <param name="MediaType">What the blob is.</param>
/// <param name="Digest">Its digest.</param>
/// <param name="Size">Its size in bytes.</param>
public sealed record Descriptor(string MediaType, string Digest, long Size)
{
    /// <summary>Architecture of an image for linux, as Go names it; null for other blobs.</summary>
    public string? Architecture { get; init; }

    /// <summary>Annotations by name.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>Reads a descriptor. The architecture of other operating systems than linux is left out.</summary>
    /// <exception cref="InvalidDataException">A required field is missing.</exception>
    public static Descriptor From(JsonElement json)
    {
        if (json.Text("mediaType") is not { } mediaType || json.Text("digest") is not { } digest || json.Number("size") is not { } size)
        {
            throw new InvalidDataException($"A descriptor needs mediaType, digest and size: {json.GetRawText()}");
        }

        return new Descriptor(mediaType, digest, size)
        {
            Architecture = json.Text("platform", "os") == "linux" ? json.Text("platform", "architecture") : null,
        };
    }

    /// <summary>The descriptor as it is written into manifests and indexes.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["mediaType"] = MediaType, ["digest"] = Digest, ["size"] = Size };
        if (Architecture is not null)
        {
            json["platform"] = new JsonObject { ["architecture"] = Architecture, ["os"] = "linux" };
        }

        if (Annotations.Count > 0)
        {
            json["annotations"] = JsonText.Map(Annotations);
        }

        return json;
    }
}
