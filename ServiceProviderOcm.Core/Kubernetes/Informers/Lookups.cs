using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>Reads once what is otherwise watched, by the same requests, so that no other permission is needed.</summary>
public static class Lookups
{
    // An API server has at most one object of a name, on the first page. What it sends is held during the next request for no page.
    private static readonly InformerLimits OfOne = new() { Objects = 1, Pages = 1 };

    /// <summary>One object, found by listing; null if there is none, or if the kind is not served.</summary>
    /// <exception cref="KubernetesApiException">A request failed, or the object cannot be read.</exception>
    public static async Task<KubeObject?> FindAsync(
        this IKubernetesApi api, ResourceKind kind, ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            var scope = WatchScope.Named(key.Name, kind.IsNamespaced ? key.Namespace : null);
            var listing = await api.ListAllAsync(kind, scope, OfOne, cancellationToken);
            return listing.Objects.SingleOrDefault()
                ?? (listing.Unreadable is [var unreadable, ..] ? throw ApiErrors.Unreadable(kind, unreadable) : null);
        }
        catch (KubernetesApiException exception) when (exception.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>A whole list, within the limits of informers on clusters that are trusted.</summary>
    /// <inheritdoc cref="ListAllAsync(IKubernetesApi, ResourceKind, WatchScope, InformerLimits, CancellationToken)"/>
    public static Task<Listing> ListAllAsync(
        this IKubernetesApi api, ResourceKind kind, WatchScope scope, CancellationToken cancellationToken) =>
        api.ListAllAsync(kind, scope, new InformerLimits(), cancellationToken);

    /// <summary>A whole list.</summary>
    /// <exception cref="KubernetesApiException">A request failed, the list expired again and again, or a limit is exceeded.</exception>
    public static Task<Listing> ListAllAsync(
        this IKubernetesApi api, ResourceKind kind, WatchScope scope, InformerLimits limits, CancellationToken cancellationToken) =>
        new PagedList(api, kind, scope, new InformerOptions { Limits = limits }, new TrafficBudget(), share: null)
            .ReadAsync(known: null, cancellationToken);
}
