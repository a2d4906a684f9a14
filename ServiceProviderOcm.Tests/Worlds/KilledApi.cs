using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>Reports the writes of a command to a <see cref="KillSwitch"/>.</summary>
/// <param name="api">The cluster.</param>
/// <param name="kill">Kills the command.</param>
public sealed class KilledApi(IKubernetesApi api, KillSwitch kill) : IKubernetesApi
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
        WrittenAsync(() => api.ApplyAsync(kind, manifest, isForced, cancellationToken));

    public Task<KubeObject> MergePatchAsync(
        ResourceKind kind, ObjectKey key, JsonElement patch, string? subresource, CancellationToken cancellationToken) =>
        WrittenAsync(() => api.MergePatchAsync(kind, key, patch, subresource, cancellationToken));

    public Task<KubeObject> CreateAsync(ResourceKind kind, KubeObject manifest, CancellationToken cancellationToken) =>
        WrittenAsync(() => api.CreateAsync(kind, manifest, cancellationToken));

    public Task<KubeObject?> DeleteAsync(ResourceKind kind, ObjectKey key, DeleteRequest request, CancellationToken cancellationToken) =>
        WrittenAsync(() => api.DeleteAsync(kind, key, request, cancellationToken));

    private async Task<T> WrittenAsync<T>(Func<Task<T>> writeAsync)
    {
        var written = await writeAsync();
        kill.Written();
        return written;
    }
}
