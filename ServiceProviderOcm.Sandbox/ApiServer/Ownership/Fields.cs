using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.ApiServer.Json;
using ServiceProviderOcm.Sandbox.ApiServer.Schema;

namespace ServiceProviderOcm.Sandbox.ApiServer.Ownership;

/// <summary>The field sets of values, and of the differences between values.</summary>
internal static class Fields
{
    public static FieldSet Of(JsonNode? value, StructuralSchema schema) => Shape.Parts(value, schema) is { } parts
        ? FieldSet.Of(parts.Select(part => KeyValuePair.Create(
            part.Element, part.IsEntry ? Of(part.Value, part.Schema).Union(FieldSet.Leaf) : Of(part.Value, part.Schema))))
        : FieldSet.Leaf;

    /// <summary>The fields that a new value changes or adds, and those that it removes.</summary>
    public static (FieldSet Changed, FieldSet Removed) Compare(JsonNode? before, JsonNode? after, StructuralSchema schema)
    {
        if (Nodes.Same(before, after))
        {
            return (FieldSet.Empty, FieldSet.Empty);
        }

        var old = Shape.Parts(before, schema);
        var now = Shape.Parts(after, schema);
        if (old is null && now is null)
        {
            return (FieldSet.Leaf, FieldSet.Empty);
        }

        if (now is null)
        {
            return (
                IsEmptyContainer(after) ? FieldSet.Empty : FieldSet.Leaf,
                FieldSet.Of(old!.Select(part => KeyValuePair.Create(part.Element, FieldSet.Leaf))));
        }

        var was = (old ?? []).ToDictionary(part => part.Element);
        Dictionary<string, FieldSet> changed = [];
        Dictionary<string, FieldSet> removed = [];
        foreach (var part in now)
        {
            if (was.Remove(part.Element, out var known))
            {
                (changed[part.Element], removed[part.Element]) = Compare(known.Value, part.Value, part.Schema);
            }
            else
            {
                changed[part.Element] = Of(part.Value, part.Schema).Union(FieldSet.Leaf);
            }
        }

        foreach (var element in was.Keys)
        {
            removed[element] = FieldSet.Leaf;
        }

        return (FieldSet.Of(changed), FieldSet.Of(removed));
    }

    private static bool IsEmptyContainer(JsonNode? value) => value is JsonObject { Count: 0 } or JsonArray { Count: 0 };
}
