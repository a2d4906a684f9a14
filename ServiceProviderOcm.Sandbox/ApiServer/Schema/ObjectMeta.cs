using System.Collections.Immutable;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Sandbox.ApiServer.Schema;

/// <summary>The fields of all objects.</summary>
internal static class ObjectMeta
{
    private const string Schema = """
        {
          "type": "object",
          "properties": {
            "apiVersion": { "type": "string" },
            "kind": { "type": "string" },
            "metadata": {
              "type": "object",
              "properties": {
                "name": { "type": "string" },
                "generateName": { "type": "string" },
                "namespace": { "type": "string" },
                "uid": { "type": "string" },
                "resourceVersion": { "type": "string" },
                "generation": { "type": "integer" },
                "creationTimestamp": { "type": "string" },
                "deletionTimestamp": { "type": "string" },
                "deletionGracePeriodSeconds": { "type": "integer" },
                "labels": { "type": "object", "additionalProperties": { "type": "string" } },
                "annotations": { "type": "object", "additionalProperties": { "type": "string" } },
                "finalizers": { "type": "array", "items": { "type": "string" }, "x-kubernetes-list-type": "set" },
                "ownerReferences": {
                  "type": "array",
                  "x-kubernetes-list-type": "map",
                  "x-kubernetes-list-map-keys": ["uid"],
                  "items": {
                    "type": "object",
                    "x-kubernetes-map-type": "atomic",
                    "required": ["apiVersion", "kind", "name", "uid"],
                    "properties": {
                      "apiVersion": { "type": "string" },
                      "kind": { "type": "string" },
                      "name": { "type": "string" },
                      "uid": { "type": "string" },
                      "controller": { "type": "boolean" },
                      "blockOwnerDeletion": { "type": "boolean" }
                    }
                  }
                },
                "managedFields": {
                  "type": "array",
                  "items": { "type": "object", "x-kubernetes-preserve-unknown-fields": true }
                }
              }
            }
          }
        }
        """;

    /// <summary><c>apiVersion</c>, <c>kind</c> and <c>metadata</c>.</summary>
    public static ImmutableDictionary<string, StructuralSchema> Properties { get; } =
        StructuralSchema.Parse(JsonReading.Parse(Schema)).Properties;
}
