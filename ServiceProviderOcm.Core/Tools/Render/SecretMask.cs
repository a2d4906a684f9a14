using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Tools.Render;

/// <summary>Hides what Secrets hold; their keys, and how much it is, can be seen.</summary>
internal static class SecretMask
{
    /// <summary>The object itself, if it is no Secret.</summary>
    public static JsonElement Of(JsonElement content)
    {
        if (content.Text("kind") != Kinds.Secret.Kind)
        {
            return content;
        }

        var masked = JsonObject.Create(content)!;
        masked["data"] = new JsonObject(content.TextMap("data").Select(entry =>
            KeyValuePair.Create(entry.Key, (JsonNode?)$"*** ({Convert.FromBase64String(entry.Value).Length} bytes)")));
        return KubeObject.From(masked).Json;
    }
}
