using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Sandbox.Demo.StandIns;

/// <summary>Writes of manifests that are JSON nodes, with any client.</summary>
public static class ManifestWrites
{
    /// <summary>Server-side apply of a manifest, with force; sets apiVersion and kind.</summary>
    public static Task<KubeObject> ApplyAsync(
        this IKubernetesApi api, ResourceKind kind, JsonObject manifest, CancellationToken cancellationToken = default)
    {
        manifest["apiVersion"] = kind.ApiVersion;
        manifest["kind"] = kind.Kind;
        return api.ApplyAsync(kind, KubeObject.From(manifest), isForced: true, cancellationToken);
    }

    /// <summary>JSON merge patch of an object.</summary>
    public static Task<KubeObject> MergePatchAsync(
        this IKubernetesApi api, ResourceKind kind, ObjectKey key, JsonObject patch, CancellationToken cancellationToken = default) =>
        api.MergePatchAsync(kind, key, KubeObject.From(patch).Json, null, cancellationToken);

    /// <summary>JSON merge patch of an object's status.</summary>
    public static Task<KubeObject> UpdateStatusAsync(
        this IKubernetesApi api, ResourceKind kind, ObjectKey key, JsonObject status, CancellationToken cancellationToken = default) =>
        api.MergePatchAsync(kind, key, KubeObject.From(new JsonObject { ["status"] = status }).Json, "status", cancellationToken);

    /// <summary>Deletes an object, if it exists.</summary>
    public static async Task DeleteAsync(
        this IKubernetesApi api, ResourceKind kind, ObjectKey key, CancellationToken cancellationToken = default)
    {
        try
        {
            await api.DeleteAsync(kind, key, new DeleteRequest(), cancellationToken);
        }
        catch (KubernetesApiException missing) when (missing.IsNotFound)
        {
        }
    }
}
