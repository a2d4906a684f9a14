using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Sandbox.StandIns;

/// <summary>What the stand-ins have in common: some kinds are followed, and whatever has changed is looked at.</summary>
public abstract class StandInController : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<ResourceKind, ObjectFeed> _feeds;
    private readonly KeyedWorkers<(ResourceKind Kind, ObjectKey Key)> _workers;
    private Task? _running;

    /// <summary>Prepares a controller.</summary>
    /// <param name="api">The cluster it works on.</param>
    /// <param name="pace">How quick it is.</param>
    /// <param name="kinds">The kinds it follows, in all namespaces.</param>
    protected StandInController(IKubernetesApi api, Pace pace, params IEnumerable<ResourceKind> kinds)
    {
        Api = api;
        Time = pace.Time;
        _workers = new KeyedWorkers<(ResourceKind Kind, ObjectKey Key)>(LookAsync, pace.Time);
        _feeds = kinds.ToDictionary(
            kind => kind, kind => new ObjectFeed(api, kind, key => _workers.Add((kind, key), pace.Hesitation(kind)), pace.Time));
    }

    /// <summary>The way to the cluster.</summary>
    protected IKubernetesApi Api { get; }

    /// <summary>Clock.</summary>
    protected TimeProvider Time { get; }

    /// <summary>Starts to work.</summary>
    public void Start() => _running ??= Task.WhenAll(
        [_workers.RunAsync(_stop.Token), .. _feeds.Values.Select(feed => feed.RunAsync(_stop.Token))]);

    /// <summary>Stops for good; objects stay as they are. Throws what has gone wrong in the controller itself.</summary>
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

    /// <summary>Has all objects looked at again, since the rules have changed.</summary>
    protected void LookAtAll()
    {
        foreach (var (kind, feed) in _feeds)
        {
            foreach (var key in feed.Keys)
            {
                _workers.Add((kind, key), TimeSpan.Zero);
            }
        }
    }

    /// <summary>An object as last heard of; null if it is not there.</summary>
    protected KubeObject? Find(ResourceKind kind, ObjectKey key) => _feeds[kind].Find(key);

    /// <summary>All objects of a kind, as last heard of.</summary>
    protected IEnumerable<KubeObject> All(ResourceKind kind) => _feeds[kind].Keys.Select(_feeds[kind].Find).OfType<KubeObject>();

    /// <summary>Does what there is to do about an object.</summary>
    /// <returns>Whether nothing is left to do until the object changes.</returns>
    protected abstract Task<bool> LookAsync(ResourceKind kind, KubeObject subject, CancellationToken cancellationToken);

    /// <summary>Adds or removes a finalizer, unless somebody else has changed the object meanwhile.</summary>
    protected async Task SetFinalizerAsync(
        ResourceKind kind, KubeObject subject, string finalizer, bool present, CancellationToken cancellationToken)
    {
        if (subject.Finalizers.Contains(finalizer) != present)
        {
            var others = subject.Finalizers.Where(other => other != finalizer);
            var patch = Finalizers.Patch(subject, present ? [.. others, finalizer] : others);
            _feeds[kind].Remember(await Api.MergePatchAsync(kind, subject.Key, patch, cancellationToken));
        }
    }

    /// <summary>Sets an object's status.</summary>
    protected async Task SetStatusAsync(
        ResourceKind kind, KubeObject subject, JsonObject status, CancellationToken cancellationToken) =>
        _feeds[kind].Remember(await Api.UpdateStatusAsync(kind, subject.Key, status, cancellationToken));

    private async Task<bool> LookAsync((ResourceKind Kind, ObjectKey Key) what, CancellationToken cancellationToken) =>
        Find(what.Kind, what.Key) is not { } subject || await LookAsync(what.Kind, subject, cancellationToken);
}
