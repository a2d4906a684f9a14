using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServiceProviderOcm.Sandbox.ApiServer.Json;

/// <summary>Reads, compares and copies nodes; missing values are null.</summary>
internal static class Nodes
{
    /// <summary>The value at a path of property names, or null.</summary>
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var step in path)
        {
            node = (node as JsonObject)?[step];
        }

        return node;
    }

    /// <summary>The string at a path, or null.</summary>
    public static string? Text(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>The whole number at a path, or null.</summary>
    public static long? Number(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.GetValueKind() == JsonValueKind.Number
            && long.TryParse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Whether there is <c>true</c> at a path.</summary>
    public static bool IsTrue(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path)?.GetValueKind() == JsonValueKind.True;

    /// <summary>The objects in the array at a path.</summary>
    public static IEnumerable<JsonObject> Objects(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonArray array ? array.OfType<JsonObject>() : [];

    /// <summary>The strings in the array at a path.</summary>
    public static IReadOnlyList<string> Texts(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonArray array ? [.. array.Select(item => item.Text()).OfType<string>()] : [];

    /// <summary>The object of a name, created if it is missing.</summary>
    public static JsonObject Child(this JsonObject node, string name)
    {
        if (node[name] is not JsonObject child)
        {
            node[name] = child = [];
        }

        return child;
    }

    /// <summary>A deep copy.</summary>
    public static JsonObject Copy(this JsonObject node) => (JsonObject)node.DeepClone();

    /// <summary>Parses text into mutable nodes. All other code calls this method.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
#pragma warning disable RS0030 // this is the one reader of nodes
    public static JsonNode? Parse(string json) => JsonNode.Parse(json);
#pragma warning restore RS0030

    /// <summary>A mutable copy of an element.</summary>
    public static JsonObject ToObject(this JsonElement element) => JsonObject.Create(element)!;

    /// <summary>An immutable copy with sorted names, as Go writes maps.</summary>
    public static JsonElement ToElement(this JsonObject node) => JsonSerializer.SerializeToElement<JsonNode>(Sorted(node)!);

    /// <summary>Whether two values are equal, regardless of the order of names.</summary>
    public static bool Same(JsonNode? one, JsonNode? other) => JsonNode.DeepEquals(one, other);

    /// <summary>Removes properties that are null, at all depths.</summary>
    public static void DropNulls(this JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                foreach (var (name, value) in map.ToList())
                {
                    if (value is null)
                    {
                        map.Remove(name);
                    }
                    else
                    {
                        value.DropNulls();
                    }
                }

                break;
            case JsonArray list:
                foreach (var item in list)
                {
                    item.DropNulls();
                }

                break;
        }
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => KeyValuePair.Create(entry.Key, Sorted(entry.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
