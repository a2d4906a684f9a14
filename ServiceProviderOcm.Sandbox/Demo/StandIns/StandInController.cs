using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Sandbox.Demo.StandIns;

/// <summary>The controller that the stand-ins share: watches some kinds and reconciles what changes.</summary>
public abstract class StandInController : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<ResourceKind, ObjectCache> _caches;
    private readonly KeyedWorkers<(ResourceKind Kind, ObjectKey Key)> _workers;
    private Task? _running;

    /// <summary>Creates a controller.</summary>
    /// <param name="api">The cluster.</param>
    /// <param name="pace">When it reconciles.</param>
    /// <param name="kinds">The kinds it watches, in all namespaces.</param>
    protected StandInController(IKubernetesApi api, Pace pace, params IEnumerable<ResourceKind> kinds)
    {
        Api = api;
        Time = pace.Time;
        _workers = new KeyedWorkers<(ResourceKind Kind, ObjectKey Key)>(ReconcileAsync, pace.Time);
        _caches = kinds.ToDictionary(
            kind => kind, kind => new ObjectCache(api, kind, key => _workers.Add((kind, key), pace.DelayOf(kind)), pace.Time));
    }

    /// <summary>The client.</summary>
    protected IKubernetesApi Api { get; }

    /// <summary>Clock.</summary>
    protected TimeProvider Time { get; }

    /// <summary>Starts the controller.</summary>
    public void Start() => _running ??= Task.WhenAll(
        [_workers.RunAsync(_stop.Token), .. _caches.Values.Select(cache => cache.RunAsync(_stop.Token))]);

    /// <summary>Stops for good; objects stay as they are. Throws the unexpected errors of the controller.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        if (_running is { } running)
        {
            try
            {
                await running;
            }
            catch (OperationCanceledException)
            {
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        try
        {
            await StopAsync();
        }
        finally
        {
            _stop.Dispose();
        }
    }

    /// <summary>Enqueues all objects.</summary>
    protected void ReconcileAll()
    {
        foreach (var (kind, cache) in _caches)
        {
            foreach (var key in cache.Keys)
            {
                _workers.Add((kind, key), TimeSpan.Zero);
            }
        }
    }

    /// <summary>An object as last seen; null if it does not exist.</summary>
    protected KubeObject? Find(ResourceKind kind, ObjectKey key) => _caches[kind].Find(key);

    /// <summary>All objects of a kind, as last seen.</summary>
    protected IEnumerable<KubeObject> All(ResourceKind kind) => _caches[kind].Keys.Select(_caches[kind].Find).OfType<KubeObject>();

    /// <summary>Reconciles an object.</summary>
    /// <returns>False to requeue the object.</returns>
    protected abstract Task<bool> ReconcileAsync(ResourceKind kind, KubeObject subject, CancellationToken cancellationToken);

    /// <summary>Adds or removes a finalizer, if the object has not changed since it was read.</summary>
    protected async Task SetFinalizerAsync(
        ResourceKind kind, KubeObject subject, string finalizer, bool present, CancellationToken cancellationToken)
    {
        if (subject.Finalizers.Contains(finalizer) != present)
        {
            var others = subject.Finalizers.Where(other => other != finalizer);
            var patch = Finalizers.Patch(subject, present ? [.. others, finalizer] : others);
            _caches[kind].Remember(await Api.MergePatchAsync(kind, subject.Key, patch, cancellationToken));
        }
    }

    /// <summary>Sets an object's status.</summary>
    protected async Task SetStatusAsync(
        ResourceKind kind, KubeObject subject, JsonObject status, CancellationToken cancellationToken) =>
        _caches[kind].Remember(await Api.UpdateStatusAsync(kind, subject.Key, status, cancellationToken));

    private async Task<bool> ReconcileAsync((ResourceKind Kind, ObjectKey Key) what, CancellationToken cancellationToken) =>
        Find(what.Kind, what.Key) is not { } subject || await ReconcileAsync(what.Kind, subject, cancellationToken);
}
