using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>Rules of RBAC, as roles and AccessRequests have them.</summary>
internal static class AccessRules
{
    private static readonly string[] Lists = ["apiGroups", "resources", "resourceNames", "verbs", "nonResourceURLs"];
    private static readonly string[] RoleFields = ["kind", "name", "namespace"];
    private static readonly string[] ReadVerbs = ["list", "watch"];
    private static readonly string[] ManageVerbs = ["list", "watch", "create", "patch", "delete"];

    /// <summary>What is wrong with a rule.</summary>
    public static IEnumerable<ConfigIssue> Errors(JsonElement rule, string path, bool isNamespaced)
    {
        foreach (var list in Lists.Where(list => rule.At(list) is { } given && !IsListOfTexts(given)))
        {
            yield return new ConfigIssue($"{path}.{list}", "must be a list of texts");
        }

        var isUrl = rule.Items("nonResourceURLs").Any();
        if (!rule.Items("verbs").Any())
        {
            yield return new ConfigIssue($"{path}.verbs", "must have at least one entry");
        }

        if (isUrl && isNamespaced)
        {
            yield return new ConfigIssue($"{path}.nonResourceURLs", "is not possible in a namespace");
        }
        else if (isUrl == (rule.Items("resources").Any() && rule.Items("apiGroups").Any()))
        {
            yield return new ConfigIssue(path, "must have either apiGroups and resources, or nonResourceURLs");
        }
    }

    /// <summary>What is wrong with a reference to a role.</summary>
    public static IEnumerable<ConfigIssue> RoleErrors(JsonElement role, string path)
    {
        var kind = role.Text("kind");
        if (kind is not ("Role" or "ClusterRole"))
        {
            yield return new ConfigIssue($"{path}.kind", "must be Role or ClusterRole");
        }

        if (role.Text("name") is not { Length: > 0 })
        {
            yield return new ConfigIssue($"{path}.name", "must be the name of a role");
        }

        if (kind is not null && (kind == "Role") != role.Text("namespace") is { Length: > 0 })
        {
            yield return new ConfigIssue($"{path}.namespace", "must be set for a Role, and must not be set for a ClusterRole");
        }
    }

    /// <summary>What the controller itself needs on control planes and rules do not allow, as the ends of sentences.</summary>
    /// <param name="rules">The rules in all namespaces.</param>
    /// <param name="inNamespace">The rules in the namespace of the toolkit.</param>
    /// <param name="needsObjects">Whether the controller writes objects there.</param>
    public static IEnumerable<string> Missing(
        IReadOnlyList<JsonElement> rules, IReadOnlyList<JsonElement> inNamespace, bool needsObjects)
    {
        List<JsonElement> both = [.. rules, .. inNamespace];
        return
        [
            .. Of(rules, PlatformKinds.ToolkitGroup, "*", "", ReadVerbs),
            .. needsObjects
                ? Of(rules, "", Kinds.Namespace.Plural, ObjectNames.ToolkitNamespace, ["list", "watch", "create", "patch"])
                    .Concat(Of(both, "", Kinds.Secret.Plural, "", ManageVerbs))
                    .Concat(Of(both, "", Kinds.ConfigMap.Plural, "", ManageVerbs))
                : [],
        ];
    }

    /// <summary>The rules of an AccessRequest.</summary>
    public static JsonArray ToJson(IEnumerable<JsonElement> rules) => new([.. rules.Select(rule => (JsonNode)Fields(rule, Lists))]);

    /// <summary>The references of an AccessRequest to roles.</summary>
    public static JsonArray RolesToJson(IEnumerable<JsonElement> roles) => new([.. roles.Select(role => (JsonNode)Fields(role, RoleFields))]);

    private static JsonObject Fields(JsonElement from, string[] names)
    {
        var json = new JsonObject();
        foreach (var name in names)
        {
            if (from.At(name) is { ValueKind: JsonValueKind.Array } list)
            {
                json[name] = JsonArray.Create(list);
            }
            else if (from.Text(name) is { Length: > 0 } text)
            {
                json[name] = text;
            }
        }

        return json;
    }

    private static IEnumerable<string> Of(IReadOnlyList<JsonElement> rules, string group, string resource, string name, string[] verbs)
    {
        var missing = verbs.Where(verb => !rules.Any(rule => Allows(rule, group, resource, name, verb))).ToList();
        return missing.Count == 0
            ? []
            : [$"must allow {string.Join(", ", missing)} on {(group.Length == 0 ? resource : $"{resource}.{group}")}, which the controller needs"];
    }

    private static bool Allows(JsonElement rule, string group, string resource, string name, string verb) =>
        Has(rule, "apiGroups", group) && Has(rule, "resources", resource) && Has(rule, "verbs", verb)
        && (!rule.Items("resourceNames").Any() || (name.Length > 0 && verb != "create" && rule.Items("resourceNames").Any(item => item.Text() == name)));

    private static bool Has(JsonElement rule, string list, string text) => rule.Items(list).Any(item => item.Text() is "*" || item.Text() == text);

    private static bool IsListOfTexts(JsonElement given) =>
        given.ValueKind == JsonValueKind.Array && given.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String);
}
