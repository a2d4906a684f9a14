namespace ServiceProviderOcm.Sandbox.ApiServer.Storage;

/// <summary>Where an object is stored. Keys sort as lists do: by namespace, then by name.</summary>
/// <param name="Namespace">Empty for cluster-scoped objects.</param>
/// <param name="Name">The name.</param>
internal readonly record struct StoreKey(string Namespace, string Name) : IComparable<StoreKey>
{
    /// <inheritdoc/>
    public int CompareTo(StoreKey other) => string.CompareOrdinal(Namespace, other.Namespace) is var order and not 0
        ? order
        : string.CompareOrdinal(Name, other.Name);
}
