using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Orphans;

namespace ServiceProviderOcm.Core.Tools.Cleanup;

/// <summary>Lists what the controller watches, with no other permission than it has.</summary>
public static class ManagedObjectLists
{
    /// <summary>Lists what may be managed objects.</summary>
    /// <param name="platform">The platform cluster.</param>
    /// <param name="api">The API group.</param>
    /// <param name="ns">The tenant namespace, of which Secrets without labels are listed, too; null for all.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <exception cref="KubernetesApiException">A request failed, or AccessRequests are not served.</exception>
    public static async Task<IReadOnlyList<ManagedObject>> ManagedObjectsAsync(
        this IKubernetesApi platform, ProviderApi api, string? ns, CancellationToken cancellationToken)
    {
        List<ManagedObject> found = [];
        foreach (var kind in OrphanFinder.Kinds)
        {
            var isFlux = kind == PlatformKinds.HelmRelease || kind == PlatformKinds.OciRepository;
            var scope = new WatchScope(
                ns,
                LabelSelector: kind == Kinds.Secret ? ObjectNames.CopySelector(api) : null,
                FieldSelector: isFlux ? $"metadata.name={ObjectNames.Flux}" : null);
            try
            {
                var listing = await platform.ListAllAsync(kind, scope, cancellationToken);
                if (ns is not null && listing.Unreadable is [var first, ..])
                {
                    throw ApiErrors.Unreadable(kind, first);
                }

                found.AddRange(listing.Objects.Select(item => new ManagedObject(kind, item)));
            }
            catch (KubernetesApiException exception) when (isFlux && exception.IsNotFound)
            {
                // Where the kinds of Flux are not served, there are no such objects.
            }
        }

        if (ns is not null)
        {
            // Copies of the Go provider. Others may have any Secrets there, also such that cannot be read.
            var unlabelled = new WatchScope(ns, $"!{ObjectNames.ManagedByLabel}") { IsMetadataOnly = true };
            var secrets = await platform.ListAllAsync(Kinds.Secret, unlabelled, cancellationToken);
            found.AddRange(secrets.Objects.Select(secret => new ManagedObject(Kinds.Secret, secret)));
        }

        return found;
    }

    /// <summary>Lists OCMs, those that cannot be read, and the tenant namespaces of all of them.</summary>
    /// <exception cref="KubernetesApiException">A request failed, or there is an OCM of which not even the name can be read.</exception>
    public static async Task<(IReadOnlyList<KubeObject> Ocms, IReadOnlyList<UnreadableObject> Unreadable, IReadOnlySet<string> Tenants)> OcmsAsync(
        this IKubernetesApi onboarding, ProviderApi api, WatchScope scope, CancellationToken cancellationToken)
    {
        var (ocms, unreadable, _) = await onboarding.ListAllAsync(api.Ocm, scope, cancellationToken);
        return unreadable.FirstOrDefault(each => each.Key.Name.Length == 0) is { } nameless
            ? throw ApiErrors.Unreadable(api.Ocm, nameless)
            : (ocms, unreadable, OrphanFinder.TenantsOf(ocms.Select(ocm => ocm.Key).Concat(unreadable.Select(each => each.Key))));
    }
}
