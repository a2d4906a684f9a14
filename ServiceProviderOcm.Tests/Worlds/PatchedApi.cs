using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>A cluster that answers patches as the test says.</summary>
/// <param name="api">The cluster.</param>
/// <param name="patchAsync">Answers the patch of an object.</param>
public sealed class PatchedApi(IKubernetesApi api, Func<ResourceKind, ObjectKey, Task<KubeObject>> patchAsync) : IKubernetesApi
{
    public string ClusterName => api.ClusterName;

    public Task<KubeObject> GetAsync(ResourceKind kind, ObjectKey key, CancellationToken cancellationToken) =>
        api.GetAsync(kind, key, cancellationToken);

    public Task<ListPage> ListAsync(ResourceKind kind, ListRequest request, CancellationToken cancellationToken) =>
        api.ListAsync(kind, request, cancellationToken);

    public Task<IReadOnlyList<ResourceKind>> DiscoverAsync(string group, CancellationToken cancellationToken) =>
        api.DiscoverAsync(group, cancellationToken);

    public IAsyncEnumerable<WatchEvent> WatchAsync(ResourceKind kind, WatchRequest request, CancellationToken cancellationToken) =>
        api.WatchAsync(kind, request, cancellationToken);

    public Task<KubeObject> ApplyAsync(ResourceKind kind, KubeObject manifest, bool isForced, CancellationToken cancellationToken) =>
        api.ApplyAsync(kind, manifest, isForced, cancellationToken);

    public Task<KubeObject> MergePatchAsync(
        ResourceKind kind, ObjectKey key, JsonElement patch, string? subresource, CancellationToken cancellationToken) =>
        patchAsync(kind, key);

    public Task<KubeObject> CreateAsync(ResourceKind kind, KubeObject manifest, CancellationToken cancellationToken) =>
        api.CreateAsync(kind, manifest, cancellationToken);

    public Task<KubeObject?> DeleteAsync(ResourceKind kind, ObjectKey key, DeleteRequest request, CancellationToken cancellationToken) =>
        api.DeleteAsync(kind, key, request, cancellationToken);
}
