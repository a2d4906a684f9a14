using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>A cluster that answers patches as the test says.</summary>
/// <param name="api">The cluster.</param>
/// <param name="patchAsync">Answers the patch of an object.</param>
public sealed class PatchedApi(IKubernetesApi api, Func<ResourceKind, ObjectKey, Task<KubeObject>> patchAsync) : DelegatingApi(api)
{
    public override Task<KubeObject> MergePatchAsync(
        ResourceKind kind, ObjectKey key, JsonElement patch, string? subresource, CancellationToken cancellationToken) =>
        patchAsync(kind, key);
}
