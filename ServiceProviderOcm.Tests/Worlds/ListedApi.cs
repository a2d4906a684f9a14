using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>A cluster that answers lists as the test says.</summary>
/// <param name="api">The cluster.</param>
/// <param name="listAsync">Answers a list of a kind; the argument asks the cluster.</param>
public sealed class ListedApi(IKubernetesApi api, Func<ResourceKind, Func<Task<ListPage>>, Task<ListPage>> listAsync) : DelegatingApi(api)
{
    public override Task<ListPage> ListAsync(ResourceKind kind, ListRequest request, CancellationToken cancellationToken) =>
        listAsync(kind, () => base.ListAsync(kind, request, cancellationToken));
}
