using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Setup.Onboarding;

/// <summary>What the permissions of an AccessRequest allow, as RBAC reads them. Pure.</summary>
internal static class GrantedRules
{
    private const string All = "*";

    /// <summary>The permissions that an AccessRequest does not contain; none if it contains all.</summary>
    /// <param name="request">The AccessRequest.</param>
    /// <param name="needed">What is needed.</param>
    public static IReadOnlyList<AccessRule> Missing(KubeObject request, IReadOnlyList<AccessRule> needed)
    {
        IReadOnlyList<JsonElement> rules =
        [
            .. request.Json.Items("spec", "token", "permissions")
                .Where(permission => permission.Text("namespace") is not { Length: > 0 })
                .SelectMany(permission => permission.Items("rules")),
        ];
        return [.. needed.Select(rule => Missing(rules, rule)).OfType<AccessRule>()];
    }

    // A verb that one of the resources lacks is requested for all of them.
    private static AccessRule? Missing(IReadOnlyList<JsonElement> rules, AccessRule needed)
    {
        IReadOnlyList<string> verbs =
        [
            .. needed.Verbs.Where(verb => needed.Resources.Any(
                resource => !rules.Any(rule => Allows(rule, needed.ApiGroup, resource, verb)))),
        ];
        return verbs.Count == 0 ? null : needed with { Verbs = verbs };
    }

    private static bool Allows(JsonElement rule, string group, string resource, string verb) =>
        Has(rule, "apiGroups", group) && HasResource(rule, resource) && Has(rule, "verbs", verb) && !rule.Items("resourceNames").Any();

    // "*/status" is that subresource of all resources.
    private static bool HasResource(JsonElement rule, string resource) =>
        Has(rule, "resources", resource)
        || (resource.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash && Has(rule, "resources", All + resource[slash..]));

    private static bool Has(JsonElement rule, string list, string text) =>
        rule.Items(list).Any(item => item.Text() is All || item.Text() == text);
}
