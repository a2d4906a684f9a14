using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Sandbox.ApiServer;

/// <summary>A kind with defaults in the items of a list and in an object, and fields there that are required.</summary>
internal static class ShelfDefinition
{
    private const string Entry = """
        {
          "type": "object",
          "required": ["name", "value"],
          "properties": {
            "name": { "type": "string" },
            "value": { "type": "string" },
            "source": { "type": "string", "default": "by default" },
            "note": { "type": "string" }
          }
        }
        """;

    public static JsonObject Of(ResourceKind kind) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = kind.QualifiedPlural },
        ["spec"] = new JsonObject
        {
            ["group"] = kind.Group,
            ["scope"] = "Namespaced",
            ["names"] = new JsonObject { ["kind"] = kind.Kind, ["plural"] = kind.Plural },
            ["versions"] = new JsonArray(new JsonObject
            {
                ["name"] = kind.Version,
                ["served"] = true,
                ["storage"] = true,
                ["schema"] = new JsonObject
                {
                    ["openAPIV3Schema"] = JsonNode.Parse($$"""
                        {
                          "type": "object",
                          "properties": {
                            "spec": {
                              "type": "object",
                              "properties": {
                                "entries": {
                                  "type": "array",
                                  "x-kubernetes-list-type": "map",
                                  "x-kubernetes-list-map-keys": ["name"],
                                  "items": {{Entry}}
                                },
                                "box": {{Entry}}
                              }
                            }
                          }
                        }
                        """),
                },
            }),
        },
    };
}
