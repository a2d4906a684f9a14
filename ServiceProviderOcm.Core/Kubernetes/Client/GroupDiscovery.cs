using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>Reads the kinds of one API group from discovery documents, aggregated or not.</summary>
internal static class GroupDiscovery
{
    private const string Aggregated = "APIGroupDiscoveryList";
    private const int MaxKinds = 20;

    // Each takes a request where discovery is not aggregated.
    private const int MaxVersions = 20;

    /// <summary>The media types of the list of groups: aggregated discovery if the server has it.</summary>
    public static readonly IReadOnlyList<string> Accepted =
    [
        $"application/json;g=apidiscovery.k8s.io;v=v2;as={Aggregated}",
        $"application/json;g=apidiscovery.k8s.io;v=v2beta1;as={Aggregated}",
        "application/json",
    ];

    /// <summary>The kinds of a group, or the versions in which they have to be read.</summary>
    /// <exception cref="JsonException">It is no list of groups.</exception>
    /// <exception cref="TooLongException">There are too many versions or kinds.</exception>
    public static (IReadOnlyList<string> Versions, List<ResourceKind> Kinds) ReadGroups(string group, JsonElement answer) =>
        answer.Text("kind") switch
        {
            Aggregated => ([], [.. answer.Items("items")
                .Where(item => item.Text("metadata", "name") == group)
                .SelectMany(item => item.Items("versions"))
                .SelectMany(version => Limited(ReadVersion(group, version), "kinds", MaxKinds))]),
            "APIGroupList" => (ReadVersions(group, answer), []),
            _ => throw new JsonException("not a list of groups"),
        };

    /// <summary>The kinds of one version.</summary>
    /// <exception cref="JsonException">It is no list of resources.</exception>
    /// <exception cref="TooLongException">There are too many kinds.</exception>
    public static List<ResourceKind> ReadResources(string group, string version, JsonElement answer) =>
        answer.Text("kind") == "APIResourceList"
            ? Limited(
                answer.Items("resources")
                    .Where(resource => IsListed(resource) && resource.Text("name")?.Contains('/', StringComparison.Ordinal) is not true)
                    .Select(resource => Kind(
                        group,
                        version,
                        resource.Text("kind"),
                        resource.Text("name"),
                        resource.At("namespaced") is { ValueKind: JsonValueKind.True })),
                "kinds",
                MaxKinds)
            : throw new JsonException("not a list of resources");

    /// <summary>Each kind once, in the first version that has it.</summary>
    /// <exception cref="TooLongException">There are too many.</exception>
    public static IReadOnlyList<ResourceKind> Preferred(IEnumerable<ResourceKind> kinds) =>
        [.. Limited(kinds.DistinctBy(kind => kind.Plural), "kinds", MaxKinds).OrderBy(kind => kind.Plural, StringComparer.Ordinal)];

    private static List<T> Limited<T>(IEnumerable<T> items, string unit, int max)
    {
        List<T> limited = [.. items.Take(max + 1)];
        return limited.Count <= max
            ? limited
            : throw new TooLongException(new LimitExcess(unit, "the group has at least", limited.Count, max, unit) { IsSetting = false });
    }

    private static List<string> ReadVersions(string group, JsonElement answer) => Limited(
        answer.Items("groups")
            .Where(item => item.Text("name") == group)
            .SelectMany(item => item.Items("versions"))
            .Select(version => Valid(version.Text("version"), DnsNames.IsLabel))
            .Distinct(),
        "versions",
        MaxVersions);

    // An aggregated API server that does not answer leaves a gap, which must not be taken for an empty group.
    private static IEnumerable<ResourceKind> ReadVersion(string group, JsonElement version)
    {
        if (version.Text("freshness") == "Stale")
        {
            throw new JsonException("stale discovery");
        }

        var name = Valid(version.Text("version"), DnsNames.IsLabel);
        return version.Items("resources")
            .Where(IsListed)
            .Select(resource => Kind(
                group,
                name,
                resource.Text("responseKind", "kind"),
                resource.Text("resource"),
                resource.Text("scope") == "Namespaced"));
    }

    private static bool IsListed(JsonElement resource) => resource.Items("verbs").Any(verb => verb.Text() == "list");

    // They become parts of request paths and messages, and a server that strangers administer may send anything.
    private static ResourceKind Kind(string group, string version, string? kind, string? plural, bool isNamespaced) => new(
        group, version, Valid(kind, IsKind), Valid(plural, DnsNames.IsLabel), isNamespaced);

    private static string Valid(string? name, Func<string, bool> isValid) =>
        name is not null && isValid(name) ? name : throw new JsonException("not a name of a kind or version");

    private static bool IsKind(string name) =>
        name.Length is > 0 and <= DnsNames.MaxLabelLength && char.IsAsciiLetter(name[0]) && name.All(char.IsAsciiLetterOrDigit);
}
