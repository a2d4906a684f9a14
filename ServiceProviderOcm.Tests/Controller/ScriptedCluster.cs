using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Controller;

/// <summary>A cluster whose objects, answers to writes and watch events are set by the test.</summary>
public sealed class ScriptedCluster(string name) : IKubernetesApi
{
    private readonly ConcurrentDictionary<ResourceKind, Channel<WatchEvent>> _watches = new();
    private readonly ConcurrentDictionary<ResourceKind, List<KubeObject>> _objects = new();
    private readonly ConcurrentDictionary<ResourceKind, List<UnreadableObject>> _unreadable = new();
    private readonly ConcurrentQueue<string> _writes = [];
    private readonly ConcurrentQueue<KubeObject> _created = [];

    /// <summary>Answers a write.</summary>
    public delegate Task<KubeObject> Answer(ResourceKind kind, ObjectKey key, JsonElement body, CancellationToken cancellationToken);

    public string ClusterName => name;

    public Answer OnApply { get; set; } = (_, _, body, _) => Task.FromResult(new KubeObject(body));

    public Answer OnPatch { get; set; } = (_, key, _, _) => throw new KubernetesApiException(404, "NotFound", $"no {key}");

    public Answer OnDelete { get; set; } = (_, key, _, _) => throw new KubernetesApiException(404, "NotFound", $"no {key}");

    /// <summary>Called when an object is created.</summary>
    public Action? OnCreate { get; set; }

    /// <summary>Called when objects are listed; what it throws is the answer.</summary>
    public Action? OnList { get; set; }

    /// <summary>The writes so far, such as <c>apply AccessRequest</c>.</summary>
    public IReadOnlyList<string> Writes => [.. _writes];

    /// <summary>The objects that were created.</summary>
    public IReadOnlyList<KubeObject> Created => [.. _created];

    public void Has(ResourceKind kind, KubeObject present) => _objects.GetOrAdd(kind, _ => []).Add(present);

    public void HasUnreadable(ResourceKind kind, UnreadableObject unreadable) => _unreadable.GetOrAdd(kind, _ => []).Add(unreadable);

    public void Send(ResourceKind kind, WatchEvent change) => Watch(kind).Writer.TryWrite(change);

    public Task<IReadOnlyList<ResourceKind>> DiscoverAsync(string group, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ResourceKind>>([.. _objects.Keys.Where(kind => kind.Group == group)]);

    public Task<ListPage> ListAsync(ResourceKind kind, ListRequest request, CancellationToken cancellationToken)
    {
        OnList?.Invoke();
        return Task.FromResult(new ListPage(_objects.GetValueOrDefault(kind, []), "100")
        {
            Unreadable = _unreadable.GetValueOrDefault(kind, []),
        });
    }

    public async IAsyncEnumerable<WatchEvent> WatchAsync(
        ResourceKind kind, WatchRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (request.SendsInitialEvents)
        {
            throw StreamedListSupport.Error();
        }

        request.Opened?.Invoke();
        await foreach (var change in Watch(kind).Reader.ReadAllAsync(cancellationToken))
        {
            yield return change;
        }
    }

    public Task<KubeObject> GetAsync(ResourceKind kind, ObjectKey key, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<KubeObject> ApplyAsync(ResourceKind kind, KubeObject manifest, bool isForced, CancellationToken cancellationToken)
    {
        _writes.Enqueue($"apply {kind.Kind}");
        return OnApply(kind, manifest.Key, manifest.Json, cancellationToken);
    }

    public Task ApplyStatusAsync(ResourceKind kind, KubeObject manifest, CancellationToken cancellationToken)
    {
        _writes.Enqueue($"apply {kind.Kind}/status");
        return OnApply(kind, manifest.Key, manifest.Json, cancellationToken);
    }

    public Task<KubeObject> MergePatchAsync(
        ResourceKind kind, ObjectKey key, JsonElement patch, string? subresource, CancellationToken cancellationToken)
    {
        _writes.Enqueue($"patch {kind.Kind}{(subresource is null ? "" : $"/{subresource}")}");
        return OnPatch(kind, key, patch, cancellationToken);
    }

    public Task<KubeObject> CreateAsync(ResourceKind kind, KubeObject manifest, CancellationToken cancellationToken)
    {
        _writes.Enqueue($"create {kind.Kind}");
        _created.Enqueue(manifest);
        OnCreate?.Invoke();
        return Task.FromResult(manifest);
    }

    public async Task<KubeObject?> DeleteAsync(ResourceKind kind, ObjectKey key, DeleteRequest request, CancellationToken cancellationToken)
    {
        _writes.Enqueue($"delete {kind.Kind}");
        return await OnDelete(kind, key, default, cancellationToken);
    }

    private Channel<WatchEvent> Watch(ResourceKind kind) => _watches.GetOrAdd(kind, _ => Channel.CreateUnbounded<WatchEvent>());
}
