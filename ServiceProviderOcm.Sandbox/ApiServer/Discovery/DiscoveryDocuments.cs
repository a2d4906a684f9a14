using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.ApiServer.Serving;

namespace ServiceProviderOcm.Sandbox.ApiServer.Discovery;

/// <summary>The discovery documents: the groups, versions and resources that the server has.</summary>
internal static class DiscoveryDocuments
{
    private static readonly string[] Verbs = ["create", "delete", "get", "list", "patch", "update", "watch"];

    private static readonly string[] StatusVerbs = ["get", "patch", "update"];

    /// <summary>The document of a path; null if there is none.</summary>
    public static JsonObject? Find(string path, KindRegistry kinds) => path.Trim('/').Split('/') switch
    {
        ["version"] => Version(),
        ["api"] => new JsonObject { ["kind"] = "APIVersions", ["versions"] = new JsonArray("v1") },
        ["apis"] => new JsonObject
        {
            ["kind"] = "APIGroupList",
            ["apiVersion"] = "v1",
            ["groups"] = new JsonArray([.. Groups(kinds).Select(group => Group(group.Key, group))]),
        },
        ["api", "v1"] => Resources("", "v1", kinds),
        ["apis", var name] => Groups(kinds).FirstOrDefault(group => group.Key == name) is { } found ? Group(name, found) : null,
        ["apis", var group, var version] => Resources(group, version, kinds),
        _ => null,
    };

    private static JsonObject Version() => new()
    {
        ["major"] = "1",
        ["minor"] = "30",
        ["gitVersion"] = "v1.30.0-sandbox",
        ["gitCommit"] = "",
        ["gitTreeState"] = "clean",
        ["buildDate"] = "1970-01-01T00:00:00Z",
        ["goVersion"] = "",
        ["compiler"] = "",
        ["platform"] = "",
    };

    private static IEnumerable<IGrouping<string, ServedKind>> Groups(KindRegistry kinds) => kinds.All
        .Where(kind => kind.Kind.Group.Length > 0)
        .GroupBy(kind => kind.Kind.Group)
        .OrderBy(group => group.Key, StringComparer.Ordinal);

    private static JsonObject Group(string name, IEnumerable<ServedKind> kinds)
    {
        var versions = kinds.Select(kind => kind.Kind.Version).Distinct().Select(version => new JsonObject
        {
            ["groupVersion"] = $"{name}/{version}",
            ["version"] = version,
        }).ToArray();
        return new JsonObject
        {
            ["kind"] = "APIGroup",
            ["apiVersion"] = "v1",
            ["name"] = name,
            ["preferredVersion"] = versions[0].DeepClone(),
            ["versions"] = new JsonArray([.. versions]),
        };
    }

    private static JsonObject? Resources(string group, string version, KindRegistry kinds)
    {
        var served = kinds.All
            .Where(kind => kind.Kind.Group == group && kind.Kind.Version == version)
            .OrderBy(kind => kind.Kind.Plural, StringComparer.Ordinal)
            .ToList();
        return served.Count == 0 ? null : new JsonObject
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}",
            ["resources"] = new JsonArray([.. served.SelectMany(Entries)]),
        };
    }

    private static IEnumerable<JsonObject> Entries(ServedKind kind)
    {
        var entry = Entry(kind, kind.Kind.Plural, kind.IsReview ? ["create"] : Verbs);
        entry["singularName"] = kind.Singular;
        if (!kind.ShortNames.IsEmpty)
        {
            entry["shortNames"] = new JsonArray([.. kind.ShortNames]);
        }

        if (!kind.Categories.IsEmpty)
        {
            entry["categories"] = new JsonArray([.. kind.Categories]);
        }

        yield return entry;
        if (kind.HasStatus)
        {
            yield return Entry(kind, $"{kind.Kind.Plural}/status", StatusVerbs);
        }
    }

    private static JsonObject Entry(ServedKind kind, string name, string[] verbs) => new()
    {
        ["name"] = name,
        ["singularName"] = "",
        ["namespaced"] = kind.Kind.IsNamespaced,
        ["kind"] = kind.Kind.Kind,
        ["verbs"] = new JsonArray([.. verbs]),
    };
}
