using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.ApiServer.Json;
using ServiceProviderOcm.Sandbox.ApiServer.Schema;

namespace ServiceProviderOcm.Sandbox.ApiServer.Ownership;

/// <summary>Splits values into the parts that have owners of their own.</summary>
internal static class Shape
{
    /// <summary>
    /// The parts of a value with their path elements and schemas; null if the value is one field: scalars, empty containers,
    /// atomic lists and maps, and lists whose items lack their keys.
    /// </summary>
    public static IReadOnlyList<Part>? Parts(JsonNode? value, StructuralSchema schema) => value switch
    {
        JsonObject { Count: > 0 } map when !schema.IsAtomicMap =>
            [
                .. map.Select(entry => new Part(
                    $"f:{entry.Key}", entry.Value, schema.Field(entry.Key), !schema.Properties.ContainsKey(entry.Key))),
            ],
        JsonArray { Count: > 0 } list when schema.ListType != "atomic" => Items(list, schema),
        _ => null,
    };

    private static List<Part>? Items(JsonArray list, StructuralSchema schema)
    {
        var items = schema.Items ?? StructuralSchema.Anything;
        List<Part> parts = [];
        foreach (var item in list)
        {
            if (schema.ListType == "set")
            {
                parts.Add(new Part($"v:{item?.ToJsonString() ?? "null"}", item, items, IsEntry: true));
            }
            else if (item is JsonObject map && Keys(map, schema) is { } keys)
            {
                parts.Add(new Part($"k:{keys.ToJsonString()}", item, items, IsEntry: true));
            }
            else
            {
                return null;
            }
        }

        return parts.DistinctBy(part => part.Element).Count() == parts.Count ? parts : null;
    }

    private static JsonObject? Keys(JsonObject item, StructuralSchema schema)
    {
        var keys = new JsonObject();
        foreach (var name in schema.ListMapKeys.Order(StringComparer.Ordinal))
        {
            var key = item[name]?.DeepClone()
                ?? (schema.Items?.Field(name).Default is { } standard ? Nodes.Parse(standard.GetRawText()) : null);
            if (key is null)
            {
                return null;
            }

            keys[name] = key;
        }

        return keys;
    }

    /// <summary>One part of a map or list.</summary>
    /// <param name="Element">The path element.</param>
    /// <param name="Value">The part's value.</param>
    /// <param name="Schema">The schema of the part.</param>
    /// <param name="IsEntry">Whether it is an entry of a map or list, which is a field itself, and not a field by name.</param>
    internal sealed record Part(string Element, JsonNode? Value, StructuralSchema Schema, bool IsEntry);
}
