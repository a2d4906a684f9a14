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
        Pages(api, kind, scope, limits).ReadAsync(known: null, cancellationToken);

    /// <summary>Derives something from a whole list, of which no more than a page is in memory.</summary>
    /// <param name="api">The client.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="scope">What is listed.</param>
    /// <param name="seed">What is derived from no page.</param>
    /// <param name="next">What is derived from a page and those before.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <exception cref="KubernetesApiException">A request failed, or the list expired again and again.</exception>
    public static async Task<TResult> AggregateAsync<TResult>(
        this IKubernetesApi api,
        ResourceKind kind,
        WatchScope scope,
        TResult seed,
        Func<TResult, ListPage, TResult> next,
        CancellationToken cancellationToken)
    {
        var result = seed;
        await Pages(api, kind, scope, new InformerLimits())
            .VisitAsync(page => result = next(result, page), () => result = seed, cancellationToken);
        return result;
    }

    private static PagedList Pages(IKubernetesApi api, ResourceKind kind, WatchScope scope, InformerLimits limits) =>
        new(api, kind, scope, new InformerOptions { Limits = limits }, new TrafficBudget(), share: null);
}
