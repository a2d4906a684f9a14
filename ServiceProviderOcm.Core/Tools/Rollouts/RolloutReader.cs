using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Orphans;
using ServiceProviderOcm.Core.Naming;

namespace ServiceProviderOcm.Core.Tools.Rollouts;

/// <summary>Reads from the platform cluster what a rollout is decided on, by the requests of the controller.</summary>
public static class RolloutReader
{
    /// <summary>The tenant namespaces.</summary>
    public static WatchScope Namespaces { get; } = new(NamePrefix: PlatformNames.TenantNamespacePrefix);

    /// <summary>The Flux objects of all OCMs.</summary>
    public static WatchScope Flux { get; } = WatchScope.Named(ObjectNames.Flux);

    /// <summary>The stored revisions of a provider; in all namespaces if that of the provider is not known.</summary>
    public static WatchScope Revisions(Identity identity) => new(NamespaceOf(identity), ObjectNames.RevisionSelector(identity));

    /// <summary>The ProviderConfig of a name; all of the API group without one.</summary>
    public static WatchScope ProviderConfigs(Identity identity) =>
        identity.ProviderName.Length > 0 ? WatchScope.Named(identity.ProviderName) : WatchScope.Everything;

    /// <summary>Reads the ProviderConfigs of the provider, or all of the API group if its name is not known.</summary>
    /// <exception cref="KubernetesApiException">A request failed, or the kind is not served.</exception>
    public static async Task<IReadOnlyList<KubeObject>> ProviderConfigsAsync(
        this IKubernetesApi platform, Identity identity, CancellationToken cancellationToken)
    {
        var (configs, unreadable, _) = await platform.ListAllAsync(identity.Api.ProviderConfig, ProviderConfigs(identity), cancellationToken);
        return unreadable is [var first, ..] ? throw ApiErrors.Unreadable(identity.Api.ProviderConfig, first) : configs;
    }

    /// <summary>Reads what a rollout is decided on.</summary>
    /// <param name="platform">The platform cluster.</param>
    /// <param name="identity">The identity of the provider.</param>
    /// <param name="providerConfig">The ProviderConfig.</param>
    /// <param name="ocms">All OCMs.</param>
    /// <param name="managed">The managed objects, if they are already read.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <exception cref="KubernetesApiException">A request failed.</exception>
    public static async Task<RolloutObjects> RolloutAsync(
        this IKubernetesApi platform,
        Identity identity,
        KubeObject providerConfig,
        IReadOnlyCollection<KubeObject> ocms,
        IReadOnlyList<ManagedObject>? managed,
        CancellationToken cancellationToken)
    {
        var unreadable = new HashSet<string>(StringComparer.Ordinal);
        return new RolloutObjects
        {
            Identity = identity,
            ProviderConfig = providerConfig,
            Ocms = ocms,
            OciRepositories = ByNamespace(await FluxAsync(PlatformKinds.OciRepository)),
            HelmReleases = ByNamespace(await FluxAsync(PlatformKinds.HelmRelease)),
            UnreadableTenants = unreadable,
            Namespaces = ByName(await ListAsync(Kinds.Namespace, Namespaces)),
            StoredRevisions = await ListAsync(Kinds.ControllerRevision, Revisions(identity)),
            ConfigMaps = NamespaceOf(identity) is { } ns && providerConfig.Json.At("spec", "caBundleRef") is not null
                ? ByName(await ListAsync(Kinds.ConfigMap, new WatchScope(ns)))
                : RolloutObjects.None,
        };

        async Task<IReadOnlyList<KubeObject>> ListAsync(ResourceKind kind, WatchScope scope) =>
            (await platform.ListAllAsync(kind, scope, cancellationToken)).Objects;

        async Task<IEnumerable<KubeObject>> FluxAsync(ResourceKind kind)
        {
            try
            {
                if (managed is not null)
                {
                    return managed.Where(each => each.Kind == kind).Select(each => each.Observed);
                }

                var listing = await platform.ListAllAsync(kind, Flux, cancellationToken);
                unreadable.UnionWith(listing.Unreadable.Select(each => each.Key.Namespace));
                return listing.Objects;
            }
            catch (KubernetesApiException exception) when (exception.IsNotFound)
            {
                // Where the kinds of Flux are not served, nothing is installed.
                return [];
            }
        }
    }

    /// <summary>Objects by their namespace, where each has one.</summary>
    public static IReadOnlyDictionary<string, KubeObject> ByNamespace(IEnumerable<KubeObject> objects) => objects
        .Where(found => found.Name == ObjectNames.Flux)
        .ToDictionary(found => found.Namespace, StringComparer.Ordinal);

    /// <summary>Objects by their name.</summary>
    public static IReadOnlyDictionary<string, KubeObject> ByName(IEnumerable<KubeObject> objects) =>
        objects.ToDictionary(found => found.Name, StringComparer.Ordinal);

    private static string? NamespaceOf(Identity identity) => identity.PodNamespace.Length > 0 ? identity.PodNamespace : null;
}
