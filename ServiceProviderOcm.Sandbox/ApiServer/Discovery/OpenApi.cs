using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.ApiServer.Serving;

namespace ServiceProviderOcm.Sandbox.ApiServer.Discovery;

/// <summary>As much of OpenAPI v3 as <c>kubectl apply</c> needs to leave validation to the server.</summary>
internal static class OpenApi
{
    private const string Root = "/openapi/v3";

    /// <summary>The document of a path; null if there is none.</summary>
    public static JsonObject? Find(string path, KindRegistry kinds)
    {
        if (path == Root)
        {
            var paths = kinds.All.Select(PathOf).Distinct().Select(known => KeyValuePair.Create<string, JsonNode?>(
                known, new JsonObject { ["serverRelativeURL"] = $"{Root}/{known}" }));
            return new JsonObject { ["paths"] = new JsonObject(paths) };
        }

        var wanted = kinds.All.Where(kind => path == $"{Root}/{PathOf(kind)}" && !kind.IsReview).ToList();
        return wanted.Count == 0 ? null : new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "Kubernetes", ["version"] = "v1.30.0-sandbox" },
            ["paths"] = new JsonObject(wanted.Select(kind => KeyValuePair.Create<string, JsonNode?>(ObjectPath(kind), Operations(kind)))),
        };
    }

    private static string PathOf(ServedKind kind) => kind.Kind.Group.Length == 0 ? "api/v1" : $"apis/{kind.Kind.ApiVersion}";

    private static string ObjectPath(ServedKind kind) =>
        $"/{PathOf(kind)}/{(kind.Kind.IsNamespaced ? "namespaces/{namespace}/" : "")}{kind.Kind.Plural}/{{name}}";

    private static JsonObject Operations(ServedKind kind) => new()
    {
        ["patch"] = new JsonObject
        {
            ["x-kubernetes-action"] = "patch",
            ["x-kubernetes-group-version-kind"] = new JsonObject
            {
                ["group"] = kind.Kind.Group,
                ["kind"] = kind.Kind.Kind,
                ["version"] = kind.Kind.Version,
            },
            ["parameters"] = new JsonArray([.. ((string[])["fieldManager", "fieldValidation", "force"]).Select(name => new JsonObject
            {
                ["name"] = name,
                ["in"] = "query",
                ["schema"] = new JsonObject { ["type"] = name == "force" ? "boolean" : "string" },
            })]),
        },
    };
}
