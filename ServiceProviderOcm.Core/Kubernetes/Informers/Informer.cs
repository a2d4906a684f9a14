using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Timing;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>
/// Keeps a <see cref="Store"/> equal to a cluster's objects of one kind: lists, then watches from the list's resourceVersion. Watches
/// that break are resumed where they broke; where the server no longer has that version (410 Gone), the informer lists again.
/// </summary>
public sealed partial class Informer
{
    private const string Unexpected = "Unexpected";

    // Higher than any version of the objects in the store.
    private const string LastVersion = "18446744073709551615";

    private readonly IKubernetesApi _api;
    private readonly WatchScope _scope;
    private readonly InformerOptions _options;
    private readonly Action<InformerChange> _onChange;
    private readonly Action _onState;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly Random _random;
    private readonly Backoff _backoff;
    private readonly ILogger _logger;
    private volatile SyncState _sync = SyncState.Initial;

    /// <summary>An informer that does nothing until it is run.</summary>
    /// <param name="api">The cluster.</param>
    /// <param name="kind">The kind to watch.</param>
    /// <param name="scope">The objects of the kind to watch.</param>
    /// <param name="options">Page size, time limits and delays.</param>
    /// <param name="onChange">Called with each change after the store has it; must be quick.</param>
    /// <param name="onState">Called when <see cref="State"/> has changed; must be quick.</param>
    /// <param name="time">Clock.</param>
    /// <param name="random">Jitter.</param>
    /// <param name="logger">Log.</param>
    public Informer(
        IKubernetesApi api,
        ResourceKind kind,
        WatchScope scope,
        InformerOptions options,
        Action<InformerChange> onChange,
        Action onState,
        TimeProvider time,
        Random random,
        ILogger logger)
    {
        _api = api;
        Kind = kind;
        _scope = scope;
        _options = options;
        _onChange = onChange;
        _onState = onState;
        _time = time;
        _start = time.GetTimestamp();
        _random = random;
        _backoff = new Backoff(options.BaseDelay, options.MaxDelay, random);
        _logger = logger;
    }

    /// <summary>The kind that is watched.</summary>
    public ResourceKind Kind { get; }

    /// <summary>The cluster's name in messages.</summary>
    public string ClusterName => _api.ClusterName;

    /// <summary>The objects.</summary>
    public Store Store { get; } = new();

    /// <summary>How far the store can be relied on.</summary>
    public InformerState State => _sync.State;

    /// <summary>Whether a complete list has ever been received. Later errors do not change it; see <see cref="State"/>.</summary>
    public bool HasListed => _sync.HasListed;

    private TimeSpan Now => _time.GetElapsedTime(_start);

    /// <summary>Watches the cluster until cancelled. Errors are retried forever.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                await ListAndWatchAsync(cancellationToken);
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    private async Task ListAndWatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            var position = _sync.Position ?? await ListAsync(cancellationToken);
            await WatchAsync(position, cancellationToken);
        }
        catch (KubernetesApiException exception)
        {
            await RecoverAsync(exception, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogUnexpected(Kind.QualifiedPlural, ClusterName, exception);
            await RecoverAsync(new KubernetesApiException(0, Unexpected, $"unexpected {exception.GetType().Name}"), cancellationToken);
        }
    }

    private async Task<WatchPosition> ListAsync(CancellationToken cancellationToken)
    {
        List<KubeObject> listed = [];
        ListPage page;
        string? next = null;
        do
        {
            var request = new ListRequest(_scope.Namespace, _scope.LabelSelector, _scope.FieldSelector, _options.PageSize, next);
            page = await _api.ListAsync(Kind, request, cancellationToken);
            listed.AddRange(page.Items.Where(item => _scope.Includes(item.Key)));
            next = page.Continue;
        }
        while (next is not null);

        ReplaceStore(listed, page.ResourceVersion);
        LogListed(Kind.QualifiedPlural, ClusterName, listed.Count);
        var position = new WatchPosition(page.ResourceVersion, page.Server);
        Become(_sync.Listed(position));
        return position;
    }

    private async Task WatchAsync(WatchPosition position, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var request = new WatchRequest(
            position.ResourceVersion,
            _scope.Namespace,
            _scope.LabelSelector,
            _scope.FieldSelector,
            _options.WatchTimeout * (1 + _random.NextDouble()))
        {
            Opened = () => Become(_sync.WatchOpened(Now)),
            Server = position.Server,
        };
        await foreach (var change in _api.WatchAsync(Kind, request, cancellationToken))
        {
            Process(change);
            Become(_sync.WatchProgressed(Now));
        }

        Become(_sync.WatchProgressed(Now));
        if (_time.GetElapsedTime(started) < _options.BaseDelay)
        {
            await Task.Delay(_options.BaseDelay, _time, cancellationToken);
        }
    }

    private void Process(WatchEvent change)
    {
        var subject = change.Subject;
        if (subject.ResourceVersion.Length > 0)
        {
            _sync = _sync.MovedTo(subject.ResourceVersion);
        }

        if (!_scope.Includes(subject.Key))
        {
            return;
        }

        switch (change.Type)
        {
            case WatchEventType.Bookmark:
                Store.AdvanceTo(subject.ResourceVersion);
                break;
            case WatchEventType.Deleted:
                if (Store.Remove(subject, out var last))
                {
                    Notify(new InformerChange(Kind, subject.Key, last ?? subject, null));
                }

                break;
            default:
                if (Store.Put(subject, out var before))
                {
                    Notify(new InformerChange(Kind, subject.Key, before, subject));
                }

                break;
        }
    }

    private async Task RecoverAsync(KubernetesApiException error, CancellationToken cancellationToken)
    {
        if (error.IsGone)
        {
            LogExpired(Kind.QualifiedPlural, ClusterName);
        }

        // Before the store is emptied, so that listeners know that no object was deleted.
        Become(_sync.Failed(error, Now, _options));
        if (error.IsNotFound)
        {
            ReplaceStore([], LastVersion);
        }

        var delay = _backoff.Delay(_sync.Failures - 1);
        var retryAfter = error.RetryAfter < _options.WatchTimeout ? error.RetryAfter.Value : _options.WatchTimeout;
        await Task.Delay(error.RetryAfter > delay ? retryAfter : delay, _time, cancellationToken);
    }

    private void ReplaceStore(IReadOnlyList<KubeObject> objects, string resourceVersion)
    {
        foreach (var (key, before, after) in Store.Replace(objects, resourceVersion))
        {
            Notify(new InformerChange(Kind, key, before, after));
        }
    }

    private void Become(SyncState next)
    {
        var before = _sync.State;
        _sync = next;
        if (next.State.IsLike(before))
        {
            return;
        }

        switch (next.State)
        {
            case { Failure: { } error }:
                LogFailing(Kind.QualifiedPlural, ClusterName, error.Message);
                break;
            case InformerState.NotServed:
                LogNotServed(Kind.QualifiedPlural, ClusterName);
                break;
        }

        Call(_onState);
    }

    private void Notify(InformerChange change) => Call(() => _onChange(change));

    // A listener's bug must not stop the informer.
    private void Call(Action listener)
    {
        try
        {
            listener();
        }
        catch (Exception exception)
        {
            LogUnexpected(Kind.QualifiedPlural, ClusterName, exception);
        }
    }

    [LoggerMessage(LogLevel.Debug, "Listed {Resource} on the {Cluster}: {Count}")]
    private partial void LogListed(string resource, string cluster, int count);

    [LoggerMessage(LogLevel.Debug, "Watch of {Resource} on the {Cluster} expired (410 Gone); relisting")]
    private partial void LogExpired(string resource, string cluster);

    [LoggerMessage(LogLevel.Warning, "Watch of {Resource} on the {Cluster} failed: {Message}; retrying")]
    private partial void LogFailing(string resource, string cluster, string message);

    [LoggerMessage(LogLevel.Error, "Unexpected error while watching {Resource} on the {Cluster}")]
    private partial void LogUnexpected(string resource, string cluster, Exception exception);

    [LoggerMessage(LogLevel.Warning, "{Resource} is not served by the {Cluster}: its CustomResourceDefinition is not installed")]
    private partial void LogNotServed(string resource, string cluster);
}
