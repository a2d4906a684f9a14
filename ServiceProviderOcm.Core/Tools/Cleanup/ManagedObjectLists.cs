using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Orphans;

namespace ServiceProviderOcm.Core.Tools.Cleanup;

/// <summary>Lists what the controller watches, by the same requests, so that no other permission is needed.</summary>
public static class ManagedObjectLists
{
    /// <summary>Lists what may be managed objects.</summary>
    /// <param name="platform">The platform cluster.</param>
    /// <param name="api">The API group.</param>
    /// <param name="ns">The tenant namespace; null for all.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <exception cref="KubernetesApiException">A request failed, or AccessRequests are not served.</exception>
    public static async Task<IReadOnlyList<OrphanedObject>> ManagedObjectsAsync(
        this IKubernetesApi platform, ProviderApi api, string? ns, CancellationToken cancellationToken)
    {
        List<OrphanedObject> found = [];
        foreach (var kind in OrphanFinder.Kinds)
        {
            var isFlux = kind == PlatformKinds.HelmRelease || kind == PlatformKinds.OciRepository;
            var request = new ListRequest(
                ns,
                LabelSelector: kind == Kinds.Secret ? ObjectNames.CopySelector(api) : null,
                FieldSelector: isFlux ? $"metadata.name={ObjectNames.Flux}" : null);
            try
            {
                var listed = await platform.ListAllAsync(kind, request, cancellationToken);
                found.AddRange(listed.Select(item => new OrphanedObject(kind, item)));
            }
            catch (KubernetesApiException exception) when (isFlux && exception.IsNotFound)
            {
                // Where the kinds of Flux are not served, there are no such objects.
            }
        }

        return found;
    }
}
