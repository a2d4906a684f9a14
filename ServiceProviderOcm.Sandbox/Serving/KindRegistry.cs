using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ServiceProviderOcm.Core.Objects;
using ServiceProviderOcm.Sandbox.Storage;

namespace ServiceProviderOcm.Sandbox.Serving;

/// <summary>The kinds that are served: the built-in ones and those of the CustomResourceDefinitions.</summary>
internal sealed class KindRegistry
{
    private static readonly ConditionalWeakTable<ImmutableSortedDictionary<StoreKey, JsonElement>, KindRegistry> Known = [];

    private readonly Dictionary<(string Group, string Version, string Plural), ServedKind> _kinds;

    private KindRegistry(IEnumerable<ServedKind> kinds) =>
        _kinds = kinds.ToDictionary(kind => (kind.Kind.Group, kind.Kind.Version, kind.Kind.Plural));

    /// <summary>All of them.</summary>
    public IEnumerable<ServedKind> All => _kinds.Values;

    /// <summary>The kinds that are served at a state; computed once for each set of definitions.</summary>
    public static KindRegistry At(StoreState state) => Known.GetValue(
        state.Of(Kinds.CustomResourceDefinition.QualifiedPlural),
        definitions => new KindRegistry(BuiltInKinds.All.Concat(
            definitions.Values.Where(IsEstablished).SelectMany(ServedKind.Of))));

    /// <summary>A kind by its path; null if it is not served.</summary>
    public ServedKind? Find(string group, string version, string plural) => _kinds.GetValueOrDefault((group, version, plural));

    private static bool IsEstablished(JsonElement definition) => definition.Items("status", "conditions")
        .Any(condition => condition.Text("type") == "Established" && condition.Text("status") == "True");
}
