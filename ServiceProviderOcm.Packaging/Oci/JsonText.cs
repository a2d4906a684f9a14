using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServiceProviderOcm.Packaging.Oci;

/// <summary>JSON files of a fixed form: equal content is equal bytes.</summary>
public static class JsonText
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The content of a file.</summary>
    public static byte[] Bytes(JsonNode json) => Encoding.UTF8.GetBytes(json.ToJsonString(Options) + "\n");

    /// <summary>An object with the entries in the order of their names.</summary>
    public static JsonObject Map(IEnumerable<KeyValuePair<string, string>> entries) =>
        new(entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value)));

    /// <summary>A node that can be changed.</summary>
    public static JsonNode Node(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(json)!,
        JsonValueKind.Array => JsonArray.Create(json)!,
        _ => JsonValue.Create(json)!,
    };

    /// <summary>An array in the given order.</summary>
    public static JsonArray List(IEnumerable<JsonNode> items) => new([.. items]);
}
