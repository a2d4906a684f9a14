using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Timing;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>
/// Keeps a <see cref="Store"/> equal to a cluster's objects of one kind: lists, then watches from the list's resourceVersion. Watches
/// that break are resumed where they broke; where the server no longer has that version (410 Gone), the informer lists again.
/// </summary>
public sealed class Informer
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
    private readonly InformerMetrics? _metrics;
    private readonly Task _watchGate;
    private readonly TrafficBudget _budget = new();
    private readonly MemoryShare? _share;
    private readonly PagedList _list;
    private readonly UnreadableObjects _unreadable;
    private bool _streamsLists = true;
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
    /// <param name="metrics">Instruments; null if nothing is measured.</param>
    /// <param name="memory">A limit on memory that is shared with other informers; null if there is none.</param>
    /// <param name="watchGate">When it completes, objects that have been listed are watched, too; null for at once.</param>
    public Informer(
        IKubernetesApi api,
        ResourceKind kind,
        WatchScope scope,
        InformerOptions options,
        Action<InformerChange> onChange,
        Action onState,
        TimeProvider time,
        Random random,
        ILogger logger,
        InformerMetrics? metrics = null,
        MemoryAccount? memory = null,
        Task? watchGate = null)
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
        _metrics = metrics;
        Store = new Store(options.Limits);
        _share = memory?.Add();
        _watchGate = watchGate ?? Task.CompletedTask;
        _list = new PagedList(api, kind, scope, options, _budget, _share);
        _unreadable = new UnreadableObjects(options.Limits.Objects);
    }

    /// <summary>The kind that is watched.</summary>
    public ResourceKind Kind { get; }

    /// <summary>The cluster's name in messages.</summary>
    public string ClusterName => _api.ClusterName;

    /// <summary>The objects.</summary>
    public Store Store { get; }

    /// <summary>How far the store can be relied on.</summary>
    public InformerState State => _sync.State;

    /// <summary>Whether a complete list has ever been received. Later errors do not change it; see <see cref="State"/>.</summary>
    public bool HasListed => _sync.HasListed;

    /// <summary>
    /// The error of watches that can be opened and always fail before they send anything; null without such watches.
    /// </summary>
    public KubernetesApiException? BrokenWatch => _sync is { IsWatchBroken: true, State.Failure: var failure } ? failure : null;

    /// <summary>The objects that exist and cannot be read now. If the store has one, it is an earlier state.</summary>
    public IEnumerable<UnreadableObject> UnreadableObjects => _unreadable.All;

    /// <summary>The object of this key if it exists and cannot be read now; else null.</summary>
    public UnreadableObject? FindUnreadable(ObjectKey key) => _unreadable.Find(key);

    /// <summary>The time since the server last accepted a watch, or sent something; before that, since this informer was created.</summary>
    public TimeSpan Idle => Now - _sync.ProgressedAt;

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
        finally
        {
            _share?.Remove();
        }
    }

    private async Task ListAndWatchAsync(CancellationToken cancellationToken)
    {
        using var cycle = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _share?.Evicted ?? default);
        try
        {
            if (_sync.Position is null && !MayStream)
            {
                await ListAsync(cycle.Token);
            }

            await _watchGate.WaitAsync(cycle.Token);
            await WatchAsync(_sync.Position, cycle.Token);
        }
        catch (KubernetesApiException exception) when (exception.Reason == StreamedListSupport.Unsupported)
        {
            _streamsLists = false;
        }
        catch (Exception) when (_share is { IsEvicted: true } && !cancellationToken.IsCancellationRequested)
        {
            await ReleaseAsync(cancellationToken);
        }
        catch (KubernetesApiException exception)
        {
            await RecoverAsync(exception, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            _logger.Unexpected(Kind.QualifiedPlural, ClusterName, exception);
            await RecoverAsync(new KubernetesApiException(0, Unexpected, $"unexpected {exception.GetType().Name}"), cancellationToken);
        }
    }

    // A watch that must wait cannot begin with the list.
    private bool MayStream => _options.StreamsLists && _streamsLists && _watchGate.IsCompleted;

    private async Task ListAsync(CancellationToken cancellationToken) => Keep(await _list.ReadAsync(Store, cancellationToken));

    private void Keep(Listing listing)
    {
        var kept = listing.Unreadable.Select(item => item.Key).ToHashSet();
        _unreadable.Keep(kept);
        ReplaceStore(listing.Objects, listing.Position.ResourceVersion, kept);
        foreach (var unreadable in listing.Unreadable)
        {
            MarkUnreadable(unreadable);
        }

        _share?.Hold(Store.Bytes + _unreadable.Bytes);
        _logger.Listed(Kind.QualifiedPlural, ClusterName, listing.Objects.Count);
        Become(_sync.Listed(listing.Position));
    }

    // Without a position, the watch begins with a list.
    private async Task WatchAsync(WatchPosition? position, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var list = position is null ? new StreamedList(Store, _scope, _share, _list.Check) : null;
        var request = new WatchRequest(
            position?.ResourceVersion ?? "",
            _scope.Namespace,
            _scope.LabelSelector,
            _scope.FieldSelector,
            _options.WatchTimeout * (1 + _random.NextDouble()))
        {
            Opened = position is null ? null : () => Become(_sync.WatchOpened(Now)),
            Server = position?.Server,
            SendsInitialEvents = position is null,
            IsMetadataOnly = _scope.IsMetadataOnly,
            Budget = _budget,
        };
        var isEmpty = true;
        await foreach (var change in _api.WatchAsync(Kind, request, cancellationToken))
        {
            if (list is not null)
            {
                if (list.Add(change) is { } listing)
                {
                    Keep(listing);
                    list = null;
                    Become(_sync.WatchOpened(Now));
                }

                continue;
            }

            Process(change);
            _share?.Hold(Store.Bytes + _unreadable.Bytes);
            isEmpty = false;
            Become(_sync.WatchProgressed(Now));
        }

        if (list is not null)
        {
            throw new KubernetesApiException(0, ApiErrors.BrokenOff, "the watch ended before all objects were listed");
        }

        var endedAtOnce = _time.GetElapsedTime(started) < _options.BaseDelay;
        Become(endedAtOnce && isEmpty ? _sync.WatchEndedAtOnce() : _sync.WatchProgressed(Now));
        if (endedAtOnce)
        {
            await Task.Delay(_sync.Failures == 0 ? _options.BaseDelay : _backoff.Delay(_sync.Failures), _time, cancellationToken);
        }
    }

    private void Process(WatchEvent change)
    {
        var subject = change.Subject;
        if (change.Type is WatchEventType.Added or WatchEventType.Modified && _scope.Includes(subject.Key))
        {
            CheckLimits(change);
        }

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
            case not WatchEventType.Deleted when change.Unreadable is { } unreadable:
                Store.AdvanceTo(subject.ResourceVersion);
                MarkUnreadable(unreadable);
                break;
            case WatchEventType.Deleted:
                _unreadable.Remove(subject.Key);
                if (Store.Remove(subject, out var last))
                {
                    Notify(new InformerChange(Kind, subject.Key, last ?? subject, null, change.Bytes));
                }

                break;
            default:
                _unreadable.Remove(subject.Key);
                if (Store.Put(subject, out var before))
                {
                    Notify(new InformerChange(Kind, subject.Key, before, subject, change.Bytes));
                }

                break;
        }
    }

    private void CheckLimits(WatchEvent change)
    {
        var key = change.Subject.Key;
        var before = Store.Get(key);
        var added = before is null && _unreadable.Find(key) is null ? 1 : 0;
        var growth = change.Unreadable is null ? change.Subject.Size - (before?.Size ?? 0) : 0;
        if (added > 0 || growth > 0)
        {
            _list.Check(Store.Count + _unreadable.Count + added, Store.Bytes + growth);
        }
    }

    private void MarkUnreadable(UnreadableObject unreadable)
    {
        if (_unreadable.Add(unreadable))
        {
            _metrics?.Unreadable(Kind.Kind);
            if (_unreadable.MayLog(Now))
            {
                _logger.Unreadable(Kind.Kind, unreadable.Name, ClusterName, unreadable.Error);
            }

            var known = Store.Get(unreadable.Key);
            Notify(new InformerChange(Kind, unreadable.Key, known, known));
        }
    }

    // Of all that share the memory, this one's group holds the most.
    private async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        var excess = _share!.Excess!;
        _api.Limits?.Exceeded(excess.MetricName);
        var error = ApiErrors.OverLimit($"list {Kind.QualifiedPlural} on the {ClusterName}: {excess.Describe(flagPrefix: null)}");

        // Before the store is emptied, so that listeners know that no object was deleted.
        Become(_sync.Evicted(error, Now));
        _unreadable.Keep(new HashSet<ObjectKey>());
        ReplaceStore([], LastVersion, []);
        await Task.Delay(error.RetryAfter ?? _options.MaxDelay, _time, cancellationToken);
        _share.Readmit();
    }

    private async Task RecoverAsync(KubernetesApiException error, CancellationToken cancellationToken)
    {
        if (error.IsGone)
        {
            _logger.Expired(Kind.QualifiedPlural, ClusterName);
        }

        var broken = _sync.BrokenWatches;

        // Before the store is emptied, so that listeners know that no object was deleted.
        Become(_sync.Failed(error, Now, _options));
        if (_sync.BrokenWatches > broken)
        {
            _metrics?.Broken(ClusterName, Kind.Kind);
        }

        if (error.IsNotFound)
        {
            _unreadable.Keep(new HashSet<ObjectKey>());
            ReplaceStore([], LastVersion, []);
        }

        var delay = _backoff.Delay(_sync.Failures - 1);
        var retryAfter = error.RetryAfter < _options.WatchTimeout ? error.RetryAfter.Value : _options.WatchTimeout;
        await Task.Delay(error.RetryAfter > delay ? retryAfter : delay, _time, cancellationToken);
    }

    private void ReplaceStore(IReadOnlyList<KubeObject> objects, string resourceVersion, IEnumerable<ObjectKey> kept)
    {
        foreach (var (key, before, after) in Store.Replace(objects, resourceVersion, kept))
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
                _logger.Failing(Kind.QualifiedPlural, ClusterName, error.Message);
                break;
            case InformerState.NotServed:
                _logger.NotServed(Kind.QualifiedPlural, ClusterName);
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
            _logger.Unexpected(Kind.QualifiedPlural, ClusterName, exception);
        }
    }
}
