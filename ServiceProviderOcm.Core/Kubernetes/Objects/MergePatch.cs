using System.Text.Json.Nodes;

namespace ServiceProviderOcm.Core.Kubernetes.Objects;

/// <summary>JSON merge patch (RFC 7386).</summary>
public static class MergePatch
{
    /// <summary>The target with the patch applied; neither is modified. A null in the patch removes the field.</summary>
    public static JsonNode? Apply(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        var result = target is JsonObject fields ? (JsonObject)fields.DeepClone() : [];
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
