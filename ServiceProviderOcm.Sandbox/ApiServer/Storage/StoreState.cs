using System.Collections.Immutable;
using System.Text.Json;

namespace ServiceProviderOcm.Sandbox.ApiServer.Storage;

/// <summary>All objects at one resource version. Immutable; versions share what they have in common.</summary>
/// <param name="Version">The resource version of the last change.</param>
/// <param name="Objects">The objects, by <c>plural.group</c> and key.</param>
internal sealed record StoreState(long Version, ImmutableDictionary<string, ImmutableSortedDictionary<StoreKey, JsonElement>> Objects)
{
    /// <summary>Without objects.</summary>
    public static readonly StoreState Empty =
        new(1, ImmutableDictionary<string, ImmutableSortedDictionary<StoreKey, JsonElement>>.Empty);

    /// <summary>The objects of one resource.</summary>
    public ImmutableSortedDictionary<StoreKey, JsonElement> Of(string resource) =>
        Objects.GetValueOrDefault(resource, ImmutableSortedDictionary<StoreKey, JsonElement>.Empty);

    /// <summary>One object; null if it does not exist.</summary>
    public JsonElement? Find(string resource, StoreKey key) => Of(resource).TryGetValue(key, out var found) ? found : null;
}
