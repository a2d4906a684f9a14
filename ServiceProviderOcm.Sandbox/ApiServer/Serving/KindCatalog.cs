using ServiceProviderOcm.Sandbox.ApiServer.Storage;

namespace ServiceProviderOcm.Sandbox.ApiServer.Serving;

/// <summary>
/// Caches the kinds that are served until definitions change. Thread-safe.
/// </summary>
internal sealed class KindCatalog
{
    private volatile KindRegistry _last = new(StoreState.Empty.Of(CoreKinds.CustomResourceDefinition.QualifiedPlural));

    /// <summary>The kinds that are served in a state.</summary>
    public KindRegistry At(StoreState state)
    {
        var definitions = state.Of(CoreKinds.CustomResourceDefinition.QualifiedPlural);
        var last = _last;
        return ReferenceEquals(last.Definitions, definitions) ? last : _last = new KindRegistry(definitions);
    }
}
