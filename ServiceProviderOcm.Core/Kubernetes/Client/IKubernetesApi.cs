using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Telemetry;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>
/// All requests that this project sends to one Kubernetes API server. Every member throws
/// <see cref="KubernetesApiException"/> when the server rejects the request or is unreachable, and
/// <see cref="OperationCanceledException"/> when cancelled.
/// </summary>
public interface IKubernetesApi
{
    /// <summary>What the cluster is called in messages, such as <c>platform cluster</c>.</summary>
    string ClusterName { get; }

    /// <summary>Counts limits that are exceeded by what is read; null if they are not counted.</summary>
    LimitMetrics? Limits => null;

    /// <summary>Reads one object.</summary>
    Task<KubeObject> GetAsync(ResourceKind kind, ObjectKey key, CancellationToken cancellationToken);

    /// <summary>Reads which kinds of an API group are served and can be listed, each in the version that the server prefers; none if it does
    /// not serve the group.</summary>
    Task<IReadOnlyList<ResourceKind>> DiscoverAsync(string group, CancellationToken cancellationToken);

    /// <summary>Reads one page of a list. A 404 means that the server has said it does not serve the kind.</summary>
    Task<ListPage> ListAsync(ResourceKind kind, ListRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Watches changes after a resourceVersion, until the server ends the stream or sends nothing for too long. An
    /// <c>ERROR</c> event, such as 410 Gone, is thrown.
    /// </summary>
    IAsyncEnumerable<WatchEvent> WatchAsync(ResourceKind kind, WatchRequest request, CancellationToken cancellationToken);

    /// <summary>Server-side apply with the provider's field manager: creates or changes the object.</summary>
    /// <param name="kind">The object's kind.</param>
    /// <param name="manifest">The desired fields.</param>
    /// <param name="isForced">Whether to take over fields that other managers set differently; otherwise they are a conflict.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    Task<KubeObject> ApplyAsync(ResourceKind kind, KubeObject manifest, bool isForced, CancellationToken cancellationToken);

    /// <summary>
    /// Server-side apply of an object's status with the provider's field manager. Fields that other managers set differently are taken over.
    /// The answer is not read.
    /// </summary>
    /// <param name="kind">The object's kind.</param>
    /// <param name="manifest">The desired fields; with a uid, only of that object.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    Task ApplyStatusAsync(ResourceKind kind, KubeObject manifest, CancellationToken cancellationToken);

    /// <summary>JSON merge patch (RFC 7386), of the object or of one of its subresources.</summary>
    /// <param name="kind">The object's kind.</param>
    /// <param name="key">The object's key.</param>
    /// <param name="patch">The patch; safe to send twice.</param>
    /// <param name="subresource">Such as <c>status</c>, or null for the object itself.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    Task<KubeObject> MergePatchAsync(
        ResourceKind kind, ObjectKey key, JsonElement patch, string? subresource, CancellationToken cancellationToken);

    /// <summary>Creates an object; never repeated once the server may have carried it out.</summary>
    Task<KubeObject> CreateAsync(ResourceKind kind, KubeObject manifest, CancellationToken cancellationToken);

    /// <summary>Requests the deletion of an object. Returns when the server has accepted it, not when the object is deleted.</summary>
    /// <returns>The object as it waits for its finalizers, or null if it is gone.</returns>
    Task<KubeObject?> DeleteAsync(ResourceKind kind, ObjectKey key, DeleteRequest request, CancellationToken cancellationToken);
}
