using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Sandbox.ApiServer;

/// <summary>A kind to try things with: a spec with a size, and a status.</summary>
internal static class ThingDefinition
{
    public static JsonObject Of(ResourceKind kind, string version = "v1") => new()
    {
        ["metadata"] = new JsonObject { ["name"] = kind.QualifiedPlural },
        ["spec"] = new JsonObject
        {
            ["group"] = kind.Group,
            ["scope"] = "Namespaced",
            ["names"] = new JsonObject { ["kind"] = kind.Kind, ["plural"] = kind.Plural },
            ["versions"] = new JsonArray(new JsonObject
            {
                ["name"] = version,
                ["served"] = true,
                ["storage"] = true,
                ["subresources"] = new JsonObject { ["status"] = new JsonObject() },
                ["additionalPrinterColumns"] = new JsonArray(
                    new JsonObject { ["name"] = "Size", ["type"] = "integer", ["jsonPath"] = ".spec.size" }),
                ["schema"] = new JsonObject
                {
                    ["openAPIV3Schema"] = JsonNode.Parse("""
                        {
                          "type": "object",
                          "properties": {
                            "spec": { "type": "object", "properties": { "size": { "type": "integer" } } },
                            "status": { "type": "object", "properties": { "ok": { "type": "boolean" } } }
                          }
                        }
                        """),
                },
            }),
        },
    };
}
