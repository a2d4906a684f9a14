using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.ApiServer.Storage;

namespace ServiceProviderOcm.Sandbox.ApiServer.Access;

/// <summary>Authorizes requests by the RBAC objects in the store. Aggregated roles are not supported.</summary>
internal static class Rbac
{
    private const string Group = "rbac.authorization.k8s.io";

    /// <summary>Whether a user may send a request.</summary>
    public static bool Allows(StoreState state, string user, IReadOnlyCollection<string> groups, RequestAttributes request) =>
        groups.Contains(SandboxUser.Masters)
        || Rules(state, user, groups, request.Namespace)
            .Any(rule => request.IsResource ? CoversResource(rule, request) : CoversPath(rule, request));

    private static IEnumerable<JsonElement> Rules(StoreState state, string user, IReadOnlyCollection<string> groups, string ns)
    {
        var everywhere = state.Of($"clusterrolebindings.{Group}").Values;
        var here = ns.Length == 0
            ? []
            : state.Of($"rolebindings.{Group}").Where(entry => entry.Key.Namespace == ns).Select(entry => entry.Value);
        return everywhere.Concat(here)
            .Where(binding => binding.Items("subjects").Any(subject => Is(subject, user, groups)))
            .SelectMany(binding => Role(state, binding) is { } role ? role.Items("rules") : []);
    }

    private static bool Is(JsonElement subject, string user, IReadOnlyCollection<string> groups) => subject.Text("kind") switch
    {
        "User" => subject.Text("name") == user,
        "Group" => groups.Contains(subject.Text("name") ?? ""),
        "ServiceAccount" => user == $"system:serviceaccount:{subject.Text("namespace")}:{subject.Text("name")}",
        _ => false,
    };

    private static JsonElement? Role(StoreState state, JsonElement binding)
    {
        var name = binding.Text("roleRef", "name") ?? "";
        return binding.Text("roleRef", "kind") == "Role"
            ? state.Find($"roles.{Group}", new StoreKey(binding.Text("metadata", "namespace") ?? "", name))
            : state.Find($"clusterroles.{Group}", new StoreKey("", name));
    }

    private static bool CoversResource(JsonElement rule, RequestAttributes request)
    {
        var resource = request.Subresource.Length == 0 ? request.Resource : $"{request.Resource}/{request.Subresource}";
        return Has(rule, "verbs", request.Verb)
            && Has(rule, "apiGroups", request.Group)
            && (Has(rule, "resources", resource) || Lists(rule, "resources", $"*/{request.Subresource}"))
            && (!rule.Items("resourceNames").Any() || Lists(rule, "resourceNames", request.Name));
    }

    private static bool CoversPath(JsonElement rule, RequestAttributes request) =>
        Has(rule, "verbs", request.Verb) && rule.Items("nonResourceURLs").Select(url => url.GetString()!).Any(url =>
            url == request.Path || (url.EndsWith('*') && request.Path.StartsWith(url[..^1], StringComparison.Ordinal)));

    private static bool Has(JsonElement rule, string list, string value) => Lists(rule, list, value) || Lists(rule, list, "*");

    private static bool Lists(JsonElement rule, string list, string value) => rule.Items(list).Any(item => item.ValueEquals(value));
}
