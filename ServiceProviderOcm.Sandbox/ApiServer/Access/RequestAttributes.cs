namespace ServiceProviderOcm.Sandbox.ApiServer.Access;

/// <summary>The attributes of a request that RBAC and the audit log use.</summary>
/// <param name="Verb">Such as <c>list</c>.</param>
/// <param name="Group">The API group; empty for the core.</param>
/// <param name="Version">The version of the group.</param>
/// <param name="Resource">The plural; empty if the path is not that of a resource.</param>
/// <param name="Subresource">Empty for the object itself.</param>
/// <param name="Namespace">Empty for all namespaces and for cluster-scoped kinds.</param>
/// <param name="Name">Empty for creations, and for lists and watches unless they select by name.</param>
/// <param name="Path">The path.</param>
internal sealed record RequestAttributes(
    string Verb, string Group, string Version, string Resource, string Subresource, string Namespace, string Name, string Path)
{
    private const string Namespaces = "namespaces";
    private const string SelectsName = "metadata.name=";

    /// <summary>Whether the path is that of a resource.</summary>
    public bool IsResource => Resource.Length > 0;

    /// <summary>Whether the verb is one that writes.</summary>
    public bool IsWrite => Verb is "create" or "update" or "patch" or "delete";

    /// <summary>Reads a request's method and path.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path.</param>
    /// <param name="watch">Whether the query has <c>watch</c>.</param>
    /// <param name="fieldSelector">The query's field selector; a name in it is the name of a list or watch.</param>
    public static RequestAttributes Parse(string method, string path, bool watch = false, string? fieldSelector = null)
    {
        var steps = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var (group, version, rest) = steps switch
        {
            ["api", var v, .. var core] => ("", v, core),
            ["apis", var g, var v, .. var others] => (g, v, others),
            _ => ("", "", []),
        };
        var (ns, resource, name, subresource) = rest switch
        {
            [] => ("", "", "", ""),
            [Namespaces, var inside, var r, .. var more] when r is not "status" => (inside, r, At(more, 0), At(more, 1)),
            [var r, .. var more] => ("", r, At(more, 0), At(more, 1)),
        };
        var verb = method switch
        {
            "GET" or "HEAD" when watch && name.Length == 0 => "watch",
            "GET" or "HEAD" => name.Length == 0 && resource.Length > 0 ? "list" : "get",
            "POST" => "create",
            "PUT" => "update",
            "PATCH" => "patch",
            "DELETE" => "delete",
            _ => method.ToLowerInvariant(),
        };
        return new RequestAttributes(
            verb, group, version, resource, subresource, ns, verb is "list" or "watch" ? Selected(fieldSelector) : name, path);
    }

    private static string Selected(string? fieldSelector) => (fieldSelector ?? "")
        .Split(',')
        .Where(part => part.StartsWith(SelectsName, StringComparison.Ordinal))
        .Select(part => part[SelectsName.Length..].TrimStart('='))
        .FirstOrDefault("");

    private static string At(string[] steps, int index) => index < steps.Length ? steps[index] : "";
}
