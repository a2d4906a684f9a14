using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>What AccessRequests request on control planes: <c>spec.token</c>.</summary>
public sealed class ControlPlaneAccess
{
    private const string Path = "spec.access";

    /// <summary>All permissions, with which Flux can install every chart.</summary>
    public static readonly ControlPlaneAccess ClusterAdmin = new(new JsonObject
    {
        ["permissions"] = new JsonArray(new JsonObject
        {
            ["rules"] = new JsonArray(new JsonObject
            {
                ["apiGroups"] = new JsonArray("*"),
                ["resources"] = new JsonArray("*"),
                ["verbs"] = new JsonArray("*"),
            }),
        }),
        ["roleRefs"] = new JsonArray(new JsonObject { ["kind"] = "ClusterRole", ["name"] = "cluster-admin" }),
    });

    private readonly JsonElement _token;

    private ControlPlaneAccess(JsonObject token) => _token = token.ToElement();

    /// <summary>What an AccessRequest requests.</summary>
    public static ControlPlaneAccess Of(KubeObject accessRequest) =>
        accessRequest.At("spec", "token") is { ValueKind: JsonValueKind.Object } token ? new ControlPlaneAccess(JsonObject.Create(token)!) : ClusterAdmin;

    /// <summary>The field of an AccessRequest.</summary>
    public JsonObject ToJson() => JsonObject.Create(_token)!;

    /// <summary>Reads the field of a ProviderConfig's spec.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="needsObjects">Whether the controller writes objects on control planes.</param>
    /// <param name="errors">What is wrong with it.</param>
    internal static ControlPlaneAccess Read(JsonElement spec, bool needsObjects, out IReadOnlyList<ConfigIssue> errors)
    {
        errors = [];
        if (spec.At("access") is not { } given)
        {
            return ClusterAdmin;
        }

        var (rules, inNamespace, roles) =
            (given.Items("rules").ToList(), given.Items("namespaceRules").ToList(), given.Items("roleRefs").ToList());
        var isLimited = rules.Count + inNamespace.Count + roles.Count > 0;
        errors =
        [
            .. given.ValueKind == JsonValueKind.Object ? Array.Empty<ConfigIssue>() : [new ConfigIssue(Path, "must be an object")],
            .. Conflict(given, isLimited),
            .. rules.SelectMany((rule, index) => AccessRules.Errors(rule, $"{Path}.rules[{index}]", isNamespaced: false)),
            .. inNamespace.SelectMany((rule, index) => AccessRules.Errors(rule, $"{Path}.namespaceRules[{index}]", isNamespaced: true)),
            .. roles.SelectMany((role, index) => AccessRules.RoleErrors(role, $"{Path}.roleRefs[{index}]")),
        ];

        // What roles on control planes allow is not known here.
        if (errors.Count == 0 && isLimited && roles.Count == 0)
        {
            errors = [.. AccessRules.Missing(rules, inNamespace, needsObjects).Select(missing => new ConfigIssue(Path, missing))];
        }

        return isLimited && errors.Count == 0 ? new ControlPlaneAccess(Token(rules, inNamespace, roles)) : ClusterAdmin;
    }

    private static IEnumerable<ConfigIssue> Conflict(JsonElement given, bool isLimited)
    {
        if (given.At("clusterAdmin") is { ValueKind: not (JsonValueKind.True or JsonValueKind.False) })
        {
            yield return new ConfigIssue($"{Path}.clusterAdmin", "must be true or false");
        }
        else if (given.At("clusterAdmin") is { ValueKind: JsonValueKind.True } && isLimited)
        {
            yield return new ConfigIssue($"{Path}.clusterAdmin", "must not be true beside rules, namespaceRules or roleRefs");
        }
        else if (given.At("clusterAdmin") is { ValueKind: JsonValueKind.False } && !isLimited)
        {
            yield return new ConfigIssue(Path, "must have rules, namespaceRules or roleRefs if clusterAdmin is false");
        }
    }

    private static JsonObject Token(List<JsonElement> rules, List<JsonElement> inNamespace, List<JsonElement> roles)
    {
        var token = new JsonObject();
        var permissions = new JsonArray();
        if (rules.Count > 0)
        {
            permissions.Add((JsonNode)new JsonObject { ["rules"] = AccessRules.ToJson(rules) });
        }

        if (inNamespace.Count > 0)
        {
            permissions.Add((JsonNode)new JsonObject
            {
                ["namespace"] = ObjectNames.ToolkitNamespace,
                ["rules"] = AccessRules.ToJson(inNamespace),
            });
        }

        if (permissions.Count > 0)
        {
            token["permissions"] = permissions;
        }

        if (roles.Count > 0)
        {
            token["roleRefs"] = AccessRules.RolesToJson(roles);
        }

        return token;
    }
}
