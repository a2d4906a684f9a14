using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.ApiServer.Schema;

namespace ServiceProviderOcm.Sandbox.ApiServer.Ownership;

/// <summary>Merges applied values into live ones, and removes fields.</summary>
internal static class Merge
{
    /// <summary>A new value: the live one with the applied one merged into it.</summary>
    public static JsonNode? Onto(JsonNode? live, JsonNode? applied, StructuralSchema schema)
    {
        if (applied is JsonObject map && live is JsonObject there && !schema.IsAtomicMap)
        {
            var merged = (JsonObject)there.DeepClone();
            foreach (var (name, value) in map)
            {
                merged[name] = there.TryGetPropertyValue(name, out var old) ? Onto(old, value, schema.Field(name)) : value?.DeepClone();
            }

            return merged;
        }

        return Shape.Parts(applied, schema) is { } wanted && Shape.Parts(live, schema) is { } present
            ? new JsonArray([.. Items(present, wanted)])
            : applied?.DeepClone();
    }

    /// <summary>A new value without some fields. A container that loses its last field is removed, too, unless it is kept.</summary>
    /// <param name="value">The value.</param>
    /// <param name="schema">Its schema.</param>
    /// <param name="fields">The fields to remove.</param>
    /// <param name="kept">The fields that stay even if they are empty, since a manager owns them.</param>
    /// <param name="gone">Whether nothing is left.</param>
    public static JsonNode? Remove(JsonNode? value, StructuralSchema schema, FieldSet fields, FieldSet kept, out bool gone)
    {
        gone = false;
        if (fields.IsEmpty)
        {
            return value?.DeepClone();
        }

        // With all that nobody owns, such as defaults.
        if (fields.IsMember || Shape.Parts(value, schema) is not { } parts)
        {
            gone = fields.IsMember;
            return value?.DeepClone();
        }

        List<(string Element, JsonNode? Value)> left = [];
        foreach (var part in parts)
        {
            var rest = Remove(part.Value, part.Schema, fields.Child(part.Element), kept.Child(part.Element), out var partGone);
            if (!partGone)
            {
                left.Add((part.Element, Identified(rest, part.Value as JsonObject, schema)));
            }
        }

        gone = left.Count == 0 && kept.IsEmpty;
        return value is JsonObject
            ? new JsonObject(left.Select(entry => KeyValuePair.Create(entry.Element[2..], entry.Value)))
            : new JsonArray([.. left.Select(entry => entry.Value)]);
    }

    // An item that stays keeps its keys.
    private static JsonNode? Identified(JsonNode? rest, JsonObject? item, StructuralSchema list)
    {
        foreach (var key in list.ListMapKeys.Where(key => item?[key] is not null && rest?[key] is null))
        {
            rest![key] = item![key]!.DeepClone();
        }

        return rest;
    }

    private static IEnumerable<JsonNode?> Items(IReadOnlyList<Shape.Part> present, IReadOnlyList<Shape.Part> wanted)
    {
        var old = present.ToDictionary(part => part.Element);
        var names = wanted.Select(part => part.Element).ToHashSet();
        var next = 0;
        foreach (var item in wanted)
        {
            for (; next < present.Count && present[next].Element != item.Element && !names.Contains(present[next].Element); next++)
            {
                yield return present[next].Value?.DeepClone();
            }

            if (next < present.Count && present[next].Element == item.Element)
            {
                next++;
            }

            yield return old.TryGetValue(item.Element, out var known)
                ? Onto(known.Value, item.Value, item.Schema)
                : item.Value?.DeepClone();
        }

        for (; next < present.Count; next++)
        {
            if (!names.Contains(present[next].Element))
            {
                yield return present[next].Value?.DeepClone();
            }
        }
    }
}
