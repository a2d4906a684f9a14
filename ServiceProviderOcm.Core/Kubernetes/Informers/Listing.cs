using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>A complete list.</summary>
/// <param name="Objects">The objects.</param>
/// <param name="Unreadable">The objects that cannot be read.</param>
/// <param name="Position">From where to watch.</param>
public sealed record Listing(IReadOnlyList<KubeObject> Objects, IReadOnlyList<UnreadableObject> Unreadable, WatchPosition Position)
{
    /// <summary>The objects that exist and are not in the list, because their namespace has too many.</summary>
    internal SurplusObjects? Surplus { get; init; }
}
