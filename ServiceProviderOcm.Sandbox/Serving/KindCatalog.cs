using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.Storage;

namespace ServiceProviderOcm.Sandbox.Serving;

/// <summary>
/// Knows which kinds one server serves; works them out anew only when definitions have changed. Safe for use by many threads.
/// </summary>
internal sealed class KindCatalog
{
    private volatile KindRegistry _last = new(StoreState.Empty.Of(Kinds.CustomResourceDefinition.QualifiedPlural));

    /// <summary>The kinds that are served at a state.</summary>
    public KindRegistry At(StoreState state)
    {
        var definitions = state.Of(Kinds.CustomResourceDefinition.QualifiedPlural);
        var last = _last;
        return ReferenceEquals(last.Definitions, definitions) ? last : _last = new KindRegistry(definitions);
    }
}
