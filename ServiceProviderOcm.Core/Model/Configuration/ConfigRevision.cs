using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>
/// The part of a ProviderConfig's spec that determines installations, and its hash. A field that is added to the spec belongs to it unless
/// it is listed here.
/// </summary>
public static class ConfigRevision
{
    private const int Length = 10;

    // What is deeper is invalid, and the order of its fields does not matter.
    private const int DeepestSorted = 300;

    private static readonly string[] Excluded = ["pollInterval", "rollout", "revisionHistoryLimit"];

    /// <summary>The revision of a spec: a short hash of its determining part, whatever the order of the fields.</summary>
    public static string Of(JsonElement spec)
    {
        var part = Part(spec).ToElement();
        var isSorted = !part.Exceeds(DeepestSorted);
        var bytes = JsonWriting.Write(writer =>
        {
            if (isSorted)
            {
                WriteSorted(writer, part);
            }
            else
            {
                part.WriteTo(writer);
            }
        });
        return Convert.ToHexStringLower(SHA256.HashData(bytes))[..Length];
    }

    /// <summary>The determining part of a spec.</summary>
    public static JsonObject Part(JsonElement spec)
    {
        var part = spec.ValueKind == JsonValueKind.Object ? JsonObject.Create(spec)! : [];
        foreach (var field in Excluded)
        {
            part.Remove(field);
        }

        return part;
    }

    private static void WriteSorted(Utf8JsonWriter writer, JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var field in json.EnumerateObject().OrderBy(field => field.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(field.Name);
                    WriteSorted(writer, field.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in json.EnumerateArray())
                {
                    WriteSorted(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                json.WriteTo(writer);
                break;
        }
    }
}
