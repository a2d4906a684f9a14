using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.ApiServer.Json;

namespace ServiceProviderOcm.Sandbox.ApiServer.Schema;

/// <summary>Sets defaults.</summary>
internal static class Defaulting
{
    /// <summary>Sets the defaults of fields that are missing, or null without being nullable, in place.</summary>
    public static void SetDefaults(JsonNode? value, StructuralSchema schema)
    {
        switch (value)
        {
            case JsonArray list when schema.Items is { } items:
                foreach (var item in list)
                {
                    SetDefaults(item, items);
                }

                break;
            case JsonObject map:
                foreach (var (name, field) in schema.Properties)
                {
                    if (field.Default is { } standard
                        && (!map.TryGetPropertyValue(name, out var present) || (present is null && !field.Nullable)))
                    {
                        map[name] = Nodes.Parse(standard.GetRawText());
                    }
                }

                foreach (var (name, child) in map.ToList())
                {
                    SetDefaults(child, schema.Field(name));
                }

                break;
        }
    }
}
