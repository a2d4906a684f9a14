using System.Text.Json.Nodes;

namespace ServiceProviderOcm.Sandbox.Patches;

/// <summary>
/// What kubectl sends for built-in kinds, as far as the kinds here need it: merge patch, with the directives for maps and for
/// lists of values. Lists of objects are replaced.
/// </summary>
internal static class StrategicMergePatch
{
    private const string DeleteValues = "$deleteFromPrimitiveList/";
    private const string Order = "$setElementOrder/";

    /// <summary>The value with a patch applied; neither is changed.</summary>
    public static JsonNode? Apply(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        var directive = (changes["$patch"] as JsonValue)?.GetValue<string>();
        var result = target is JsonObject map && directive != "replace" ? (JsonObject)map.DeepClone() : [];
        foreach (var (name, change) in changes)
        {
            if (name.StartsWith(DeleteValues, StringComparison.Ordinal))
            {
                var list = name[DeleteValues.Length..];
                var unwanted = change as JsonArray ?? [];
                result[list] = new JsonArray([.. (result[list] as JsonArray ?? [])
                    .Where(item => !unwanted.Any(other => JsonNode.DeepEquals(item, other)))
                    .Select(item => item?.DeepClone())]);
            }
            else if (change is null || (change as JsonObject)?["$patch"]?.ToString() == "delete")
            {
                result.Remove(name);
            }
            else if (changes.ContainsKey(Order + name) && result[name] is JsonArray old && change is JsonArray added)
            {
                result[name] = new JsonArray([.. old.Concat(added.Where(item => !old.Any(known => JsonNode.DeepEquals(known, item))))
                    .Select(item => item?.DeepClone())]);
            }
            else if (!name.StartsWith('$'))
            {
                result[name] = Apply(result[name], change);
            }
        }

        return result;
    }
}
