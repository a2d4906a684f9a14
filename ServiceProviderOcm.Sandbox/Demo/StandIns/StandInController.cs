using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Sandbox.Demo.StandIns;

/// <summary>The controller that the stand-ins share: watches some kinds and reconciles what changes.</summary>
public abstract class StandInController : IAsyncDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private readonly Pace _pace;
    private readonly Dictionary<ResourceKind, Informer> _informers;
    private readonly KeyedWorkers<(ResourceKind Kind, ObjectKey Key)> _workers;
    private Task? _running;

    /// <summary>Creates a controller.</summary>
    /// <param name="api">The cluster.</param>
    /// <param name="pace">When it reconciles.</param>
    /// <param name="kinds">The kinds it watches, in all namespaces.</param>
    protected StandInController(IKubernetesApi api, Pace pace, params IEnumerable<ResourceKind> kinds)
    {
        Api = api;
        _pace = pace;
        _workers = new KeyedWorkers<(ResourceKind Kind, ObjectKey Key)>(ReconcileAsync, pace.Time);
        var informers = new InformerFactory(
            new InformerOptions { BaseDelay = RetryDelay, MaxDelay = RetryDelay }, pace.Time, Random.Shared, NullLogger.Instance);
        _informers = kinds.ToDictionary(
            kind => kind,
            kind => informers.Create(api, kind, WatchScope.Everything, change => Add(change.Kind, change.Key), () => { }));
    }

    /// <summary>The client.</summary>
    protected IKubernetesApi Api { get; }

    /// <summary>Clock.</summary>
    protected TimeProvider Time => _pace.Time;

    /// <summary>Starts the controller.</summary>
    public void Start() => _running ??= Task.WhenAll(
        [_workers.RunAsync(_stop.Token), .. _informers.Values.Select(informer => informer.RunAsync(_stop.Token))]);

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
        foreach (var (kind, informer) in _informers)
        {
            foreach (var subject in informer.Store.All)
            {
                _workers.Add((kind, subject.Key), TimeSpan.Zero);
            }
        }
    }

    /// <summary>An object as last seen; null if it does not exist.</summary>
    protected KubeObject? Find(ResourceKind kind, ObjectKey key) => _informers[kind].Store.Get(key);

    /// <summary>All objects of a kind, as last seen.</summary>
    protected IEnumerable<KubeObject> All(ResourceKind kind) => _informers[kind].Store.All;

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
            RecordWrite(kind, await Api.MergePatchAsync(kind, subject.Key, patch, cancellationToken));
        }
    }

    /// <summary>Sets an object's status.</summary>
    /// <returns>The object after that.</returns>
    protected async Task<KubeObject> SetStatusAsync(
        ResourceKind kind, KubeObject subject, JsonObject status, CancellationToken cancellationToken)
    {
        var written = await Api.UpdateStatusAsync(kind, subject.Key, status, cancellationToken);
        RecordWrite(kind, written);
        return written;
    }

    /// <summary>Enqueues an object after a delay.</summary>
    protected void Requeue(ResourceKind kind, ObjectKey key, TimeSpan after) => _workers.Add((kind, key), after);

    /// <summary>Enqueues an object because another one that it depends on has changed.</summary>
    protected void Add(ResourceKind kind, ObjectKey key) => _workers.Add((kind, key), _pace.DelayOf(kind));

    // Enqueued, too: the result of a write may contain changes of others that are not reconciled yet, and the informer does not report
    // a version that its store has already.
    private void RecordWrite(ResourceKind kind, KubeObject written)
    {
        var store = _informers[kind].Store;
        if (store.Get(written.Key)?.ResourceVersion != written.ResourceVersion)
        {
            store.RecordWrite(written);
            Add(kind, written.Key);
        }
    }

    private async Task<bool> ReconcileAsync((ResourceKind Kind, ObjectKey Key) what, CancellationToken cancellationToken) =>
        Find(what.Kind, what.Key) is not { } subject || await ReconcileAsync(what.Kind, subject, cancellationToken);
}
