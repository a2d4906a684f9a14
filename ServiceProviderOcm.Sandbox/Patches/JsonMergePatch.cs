using System.Text.Json.Nodes;

namespace ServiceProviderOcm.Sandbox.Patches;

/// <summary>JSON merge patch, RFC 7386.</summary>
internal static class JsonMergePatch
{
    /// <summary>The value with a patch applied; neither is changed.</summary>
    public static JsonNode? Apply(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        var result = target is JsonObject map ? (JsonObject)map.DeepClone() : [];
        foreach (var (name, change) in changes)
        {
            if (change is null)
            {
                result.Remove(name);
            }
            else
            {
                result[name] = Apply(result[name], change);
            }
        }

        return result;
    }
}
