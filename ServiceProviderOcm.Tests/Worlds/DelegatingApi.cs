using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Telemetry;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>Passes each request on to a cluster; derived classes change some of them.</summary>
/// <param name="api">The cluster.</param>
public abstract class DelegatingApi(IKubernetesApi api) : IKubernetesApi
{
    public string ClusterName => api.ClusterName;

    public LimitMetrics? Limits => api.Limits;

    public virtual Task<KubeObject> GetAsync(ResourceKind kind, ObjectKey key, CancellationToken cancellationToken) =>
        api.GetAsync(kind, key, cancellationToken);

    public virtual Task<ListPage> ListAsync(ResourceKind kind, ListRequest request, CancellationToken cancellationToken) =>
        api.ListAsync(kind, request, cancellationToken);

    public virtual Task<IReadOnlyList<ResourceKind>> DiscoverAsync(string group, CancellationToken cancellationToken) =>
        api.DiscoverAsync(group, cancellationToken);

    public virtual IAsyncEnumerable<WatchEvent> WatchAsync(ResourceKind kind, WatchRequest request, CancellationToken cancellationToken) =>
        api.WatchAsync(kind, request, cancellationToken);

    public virtual Task<KubeObject> ApplyAsync(ResourceKind kind, KubeObject manifest, bool isForced, CancellationToken cancellationToken) =>
        api.ApplyAsync(kind, manifest, isForced, cancellationToken);

    public virtual Task ApplyStatusAsync(ResourceKind kind, KubeObject manifest, CancellationToken cancellationToken) =>
        api.ApplyStatusAsync(kind, manifest, cancellationToken);

    public virtual Task<KubeObject> MergePatchAsync(
        ResourceKind kind, ObjectKey key, JsonElement patch, string? subresource, CancellationToken cancellationToken) =>
        api.MergePatchAsync(kind, key, patch, subresource, cancellationToken);

    public virtual Task<KubeObject> CreateAsync(ResourceKind kind, KubeObject manifest, CancellationToken cancellationToken) =>
        api.CreateAsync(kind, manifest, cancellationToken);

    public virtual Task<KubeObject?> DeleteAsync(ResourceKind kind, ObjectKey key, DeleteRequest request, CancellationToken cancellationToken) =>
        api.DeleteAsync(kind, key, request, cancellationToken);
}
