using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>One verb on one resource that a role allows.</summary>
/// <param name="Namespace">Only there; null for everywhere.</param>
/// <param name="Group">The API group.</param>
/// <param name="Resource">The plural, with a subresource behind a slash.</param>
/// <param name="Name">Only for this object; null for all.</param>
/// <param name="Verb">The verb.</param>
internal sealed record Permission(string? Namespace, string Group, string Resource, string? Name, string Verb)
{
    /// <summary>All that a role's rules allow.</summary>
    public static IEnumerable<Permission> Of(IEnumerable<JsonElement> rules, string? ns) =>
        from rule in rules
        from theGroup in Texts(rule, "apiGroups")
        from resource in Texts(rule, "resources")
        from name in Texts(rule, "resourceNames").DefaultIfEmpty()
        from verb in Texts(rule, "verbs")
        select new Permission(ns, theGroup, resource, name, verb);

    /// <summary>Whether a request has needed it. Server-side apply of what is not there yet is a patch that needs "create", too.</summary>
    public bool IsUsedBy(AuditEntry entry) =>
        (Namespace is null || Namespace == entry.Namespace)
        && Group == entry.Group
        && Resource == (entry.Subresource.Length == 0 ? entry.Resource : $"{entry.Resource}/{entry.Subresource}")
        && (Name is null || Name == entry.Name)
        && (Verb == entry.Verb || (Verb == "create" && entry is { Verb: "patch", Code: 201 }));

    public override string ToString() => $"{Verb} {Resource}{(Name is null ? "" : $" {Name}")}";

    private static IEnumerable<string> Texts(JsonElement rule, string field) => rule.Items(field).Select(item => item.GetString()!);
}
