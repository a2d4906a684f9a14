using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Deploy;

internal static class CrdSchema
{
    /// <summary>The schema itself, with an empty path, and that of every property and list item below it.</summary>
    public static IEnumerable<(string Path, JsonElement Schema)> Fields(JsonElement schema, string path = "")
    {
        yield return (path, schema);
        foreach (var (step, child) in Children(schema))
        {
            foreach (var field in Fields(child, path + step))
            {
                yield return field;
            }
        }
    }

    private static IEnumerable<(string Step, JsonElement Schema)> Children(JsonElement schema)
    {
        if (schema.At("properties") is { } properties)
        {
            foreach (var property in properties.EnumerateObject())
            {
                yield return ("." + property.Name, property.Value);
            }
        }

        if (schema.At("items") is { } items)
        {
            yield return ("[]", items);
        }
    }
}
