using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Support.Connections;

/// <summary>The plainest objects there are.</summary>
public static class ConfigMaps
{
    public static readonly ResourceKind Kind = new("", "v1", "ConfigMap", "configmaps");

    public static ObjectKey Key(string name = "a") => new("default", name);

    public static JsonObject Json(string name, params (string Key, string Value)[] data) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["namespace"] = "default", ["name"] = name },
        ["data"] = new JsonObject(data.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value))),
    };

    public static KubeObject Manifest(string name, params (string Key, string Value)[] data) => KubeObject.From(Json(name, data));

    public static JsonObject Patch(params (string Key, string Value)[] data) => new()
    {
        ["data"] = new JsonObject(data.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value))),
    };
}
