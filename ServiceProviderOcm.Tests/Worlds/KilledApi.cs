using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>Reports the writes of a command to a <see cref="KillSwitch"/>.</summary>
/// <param name="api">The cluster.</param>
/// <param name="kill">Kills the command.</param>
public sealed class KilledApi(IKubernetesApi api, KillSwitch kill) : DelegatingApi(api)
{
    public override Task<KubeObject> ApplyAsync(ResourceKind kind, KubeObject manifest, bool isForced, CancellationToken cancellationToken) =>
        WrittenAsync(() => base.ApplyAsync(kind, manifest, isForced, cancellationToken));

    public override Task<KubeObject> MergePatchAsync(
        ResourceKind kind, ObjectKey key, JsonElement patch, string? subresource, CancellationToken cancellationToken) =>
        WrittenAsync(() => base.MergePatchAsync(kind, key, patch, subresource, cancellationToken));

    public override Task<KubeObject> CreateAsync(ResourceKind kind, KubeObject manifest, CancellationToken cancellationToken) =>
        WrittenAsync(() => base.CreateAsync(kind, manifest, cancellationToken));

    public override Task<KubeObject?> DeleteAsync(ResourceKind kind, ObjectKey key, DeleteRequest request, CancellationToken cancellationToken) =>
        WrittenAsync(() => base.DeleteAsync(kind, key, request, cancellationToken));

    private async Task<T> WrittenAsync<T>(Func<Task<T>> writeAsync)
    {
        var written = await writeAsync();
        kill.Written();
        return written;
    }
}
