using System.Runtime.CompilerServices;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>Shows a stand-in only the namespaces of its own test, on clusters that several tests share.</summary>
/// <param name="api">The cluster's API.</param>
/// <param name="isInScope">Whether a namespace belongs to the test.</param>
internal sealed class ScopedApi(IKubernetesApi api, Predicate<string> isInScope) : IKubernetesApi
{
    public string ClusterName => api.ClusterName;

    public Task<KubeObject> GetAsync(ResourceKind kind, ObjectKey key, CancellationToken cancellationToken) =>
        api.GetAsync(kind, key, cancellationToken);

    public Task<IReadOnlyList<ResourceKind>> DiscoverAsync(string group, CancellationToken cancellationToken) =>
        api.DiscoverAsync(group, cancellationToken);

    public async Task<ListPage> ListAsync(ResourceKind kind, ListRequest request, CancellationToken cancellationToken)
    {
        var page = await api.ListAsync(kind, request, cancellationToken);
        return page with { Items = [.. page.Items.Where(item => isInScope(item.Namespace))] };
    }

    public async IAsyncEnumerable<WatchEvent> WatchAsync(
        ResourceKind kind, WatchRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var change in api.WatchAsync(kind, request, cancellationToken))
        {
            if (change.Type == WatchEventType.Bookmark || isInScope(change.Subject.Namespace))
            {
                yield return change;
            }
        }
    }

    public Task<KubeObject> ApplyAsync(ResourceKind kind, KubeObject manifest, bool isForced, CancellationToken cancellationToken) =>
        api.ApplyAsync(kind, manifest, isForced, cancellationToken);

    public Task ApplyStatusAsync(ResourceKind kind, KubeObject manifest, CancellationToken cancellationToken) =>
        api.ApplyStatusAsync(kind, manifest, cancellationToken);

    public Task<KubeObject> MergePatchAsync(
        ResourceKind kind, ObjectKey key, JsonElement patch, string? subresource, CancellationToken cancellationToken) =>
        api.MergePatchAsync(kind, key, patch, subresource, cancellationToken);

    public Task<KubeObject> CreateAsync(ResourceKind kind, KubeObject manifest, CancellationToken cancellationToken) =>
        api.CreateAsync(kind, manifest, cancellationToken);

    public Task<KubeObject?> DeleteAsync(ResourceKind kind, ObjectKey key, DeleteRequest request, CancellationToken cancellationToken) =>
        api.DeleteAsync(kind, key, request, cancellationToken);
}
