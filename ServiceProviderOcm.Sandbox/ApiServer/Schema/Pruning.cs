using System.Text.Json.Nodes;

namespace ServiceProviderOcm.Sandbox.ApiServer.Schema;

/// <summary>Removes fields that are not in the schema.</summary>
internal static class Pruning
{
    /// <summary>Prunes a value in place.</summary>
    /// <returns>The paths of the removed fields.</returns>
    public static IReadOnlyList<string> Prune(JsonNode? value, StructuralSchema schema)
    {
        List<string> removed = [];
        Prune(value, schema, "", removed);
        return removed;
    }

    private static void Prune(JsonNode? value, StructuralSchema schema, string path, List<string> removed)
    {
        switch (value)
        {
            case JsonArray list:
                for (var index = 0; index < list.Count && schema.Items is { } items; index++)
                {
                    Prune(list[index], items, $"{path}[{index}]", removed);
                }

                break;
            case JsonObject map:
                foreach (var (name, child) in map.ToList())
                {
                    var field = path.Length == 0 ? name : $"{path}.{name}";
                    if (schema.Specified(name) is { } specified)
                    {
                        Prune(child, specified, field, removed);
                    }
                    else if (!schema.PreservesUnknownFields)
                    {
                        map.Remove(name);
                        removed.Add(field);
                    }
                }

                break;
        }
    }
}
