using System.Collections.Immutable;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.ApiServer.Storage;

namespace ServiceProviderOcm.Sandbox.ApiServer.Serving;

/// <summary>The kinds that are served: the built-in ones and those of the CustomResourceDefinitions.</summary>
/// <param name="definitions">The definitions.</param>
internal sealed class KindRegistry(ImmutableSortedDictionary<StoreKey, JsonElement> definitions)
{
    private readonly Dictionary<(string Group, string Version, string Plural), ServedKind> _kinds = BuiltInKinds.All
        .Concat(definitions.Values.Where(IsEstablished).SelectMany(ServedKind.Of))
        .ToDictionary(kind => (kind.Kind.Group, kind.Kind.Version, kind.Kind.Plural));

    public ImmutableSortedDictionary<StoreKey, JsonElement> Definitions => definitions;

    /// <summary>All of them.</summary>
    public IEnumerable<ServedKind> All => _kinds.Values;

    /// <summary>The kind of a path; null if it is not served.</summary>
    public ServedKind? Find(string group, string version, string plural) => _kinds.GetValueOrDefault((group, version, plural));

    private static bool IsEstablished(JsonElement definition) => definition.Items("status", "conditions")
        .Any(condition => condition.Text("type") == "Established" && condition.Text("status") == "True");
}
