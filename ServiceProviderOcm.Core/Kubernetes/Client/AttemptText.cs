using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>Describes a request by its verb and its resource, as an audit log does.</summary>
internal static class AttemptText
{
    private const string Namespaces = "namespaces";

    /// <summary>Such as <c>patch secrets ns/name</c> or <c>watch configmaps in ns</c>.</summary>
    public static string Of(HttpMethod method, ResourceKind kind, string path)
    {
        var query = path.IndexOf('?', StringComparison.Ordinal);
        string[] steps = [.. (query < 0 ? path : path[..query]).Split('/').Select(Uri.UnescapeDataString)];
        var plural = kind.Plural.Length == 0 ? -1 : Array.LastIndexOf(steps, kind.Plural);
        if (plural < 0)
        {
            return $"{Verb(method, isOne: true, isWatch: false)} /{string.Join('/', steps)}";
        }

        var name = plural + 1 < steps.Length ? steps[plural + 1] : "";
        var ns = plural >= 2 && steps[plural - 2] == Namespaces ? steps[plural - 1] : "";
        var isWatch = query >= 0 && path.Contains("watch=true", StringComparison.Ordinal);
        var target = name.Length > 0 ? $" {new ObjectKey(ns, name)}" : ns.Length > 0 ? $" in {ns}" : "";
        return $"{Verb(method, name.Length > 0, isWatch)} {kind.QualifiedPlural}{target}";
    }

    private static string Verb(HttpMethod method, bool isOne, bool isWatch) =>
        method == HttpMethod.Get ? (isWatch ? "watch" : isOne ? "get" : "list")
        : method == HttpMethod.Post ? "create"
        : method.Method.ToLowerInvariant();
}
