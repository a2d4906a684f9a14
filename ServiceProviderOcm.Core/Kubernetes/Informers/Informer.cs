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
    // Higher than any version of the objects in the store.
    private const string LastVersion = "18446744073709551615";

    private readonly IKubernetesApi _api;
    private readonly WatchScope _scope;
    private readonly InformerOptions _options;
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
    private readonly KeptObjects _kept;
    private bool _streamsLists = true;
    private TimeSpan _listDuration;
    private TimeSpan? _listDueAt;
    private bool _isListDue;
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
        _onState = onState;
        _time = time;
        _start = time.GetTimestamp();
        _random = random;
        _backoff = new Backoff(options.BaseDelay, options.MaxDelay, random);
        _logger = logger;
        _metrics = metrics;
        _share = memory?.Add();
        _watchGate = watchGate ?? Task.CompletedTask;
        _list = new PagedList(api, kind, scope, options, _budget, _share);
        _kept = new KeptObjects(
            kind, options.Limits, _list.Check, change => Call(() => onChange(change)), OnUnreadable, ns => Call(() => OnSurplus?.Invoke(ns)));
        Store.OnWrite = () => _share?.Charge(_kept.Bytes);
    }

    /// <summary>The kind that is watched.</summary>
    public ResourceKind Kind { get; }

    /// <summary>The cluster's name in messages.</summary>
    public string ClusterName => _api.ClusterName;

    /// <summary>The objects.</summary>
    public Store Store => _kept.Store;

    /// <summary>The objects that exist and are not in the store, because their namespace has too many, or more than its share of all.</summary>
    public SurplusObjects Surplus => _kept.Surplus;

    /// <summary>Called with each namespace that begins to have more objects than are kept; must be quick.</summary>
    public Action<string>? OnSurplus { get; set; }

    /// <summary>How far the store can be relied on.</summary>
    public InformerState State => _sync.State;

    /// <summary>Whether a complete list has ever been received. Later errors do not change it; see <see cref="State"/>.</summary>
    public bool HasListed => _sync.HasListed;

    /// <summary>
    /// The error of watches that can be opened and always fail before they send anything; null without such watches.
    /// </summary>
    public KubernetesApiException? BrokenWatch => _sync is { IsWatchBroken: true, State.Failure: var failure } ? failure : null;

    /// <summary>The objects that exist and cannot be read now. If the store has one, it is an earlier state.</summary>
    public IEnumerable<UnreadableObject> UnreadableObjects => _kept.Unreadable.All;

    /// <summary>Whether an object exists: in the store, unreadable, or beyond what is kept of its namespace.</summary>
    public bool Knows(ObjectKey key) => Store.Get(key) is not null || FindUnreadable(key) is not null || Surplus.MayHave(key);

    /// <summary>The object of this key if it exists and cannot be read now; else null.</summary>
    public UnreadableObject? FindUnreadable(ObjectKey key) => _kept.Unreadable.Find(key);

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
            cycle.Token.ThrowIfCancellationRequested();
            await WatchAsync(_sync.Position, cycle);
        }
        catch (Exception) when (_isListDue && !cancellationToken.IsCancellationRequested)
        {
            _isListDue = false;
            Become(_sync.ListDue());
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
            await RecoverAsync(ApiErrors.Unexpected(exception), cancellationToken);
        }
    }

    // A watch that must wait cannot begin with the list.
    private bool MayStream => _options.StreamsLists && _streamsLists && _watchGate.IsCompleted;

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        Keep(await _list.ReadAsync(Store, cancellationToken), started);
    }

    private void Keep(Listing listing, long started)
    {
        _listDuration = _time.GetElapsedTime(started);
        _kept.Replace(listing);
        _listDueAt = null;
        _share?.Hold(_kept.Bytes);
        _logger.Listed(Kind.QualifiedPlural, ClusterName, listing.Objects.Count);
        Become(_sync.Listed(listing.Position));
    }

    // Without a position, the watch begins with a list.
    private async Task WatchAsync(WatchPosition? position, CancellationTokenSource cycle)
    {
        var cancellationToken = cycle.Token;
        var started = _time.GetTimestamp();
        var list = position is null ? new StreamedList(_list.Objects(Store), _scope) : null;
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
        var hasNews = false;
        await using var events = _api.WatchAsync(Kind, request, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(events, cycle))
        {
            var change = events.Current;
            if (list is not null)
            {
                if (list.Add(change) is { } listing)
                {
                    Keep(listing, started);
                    list = null;
                    Become(_sync.WatchOpened(Now));
                }

                continue;
            }

            var known = _sync.HighestVersion;
            Process(change);
            hasNews |= _sync.HighestVersion > known;
            PlanList(change.Subject.Namespace);
        }

        if (list is not null)
        {
            throw new KubernetesApiException(0, ApiErrors.BrokenOff, "the watch ended before all objects were listed");
        }

        var lasted = _time.GetElapsedTime(started);
        Become(_sync.WatchEnded(hasNews, lasted, Now, _options));
        if (lasted < _options.BaseDelay || _sync.Failures > 0)
        {
            await Task.Delay(_sync.Failures == 0 ? _options.BaseDelay : _backoff.Delay(_sync.Failures), _time, cancellationToken);
        }
    }

    // While it waits for an event, a list may become due, and a watch that follows broken ones is relied on again once it has lasted.
    private async Task<bool> NextAsync(IAsyncEnumerator<WatchEvent> events, CancellationTokenSource cycle)
    {
        var next = events.MoveNextAsync().AsTask();
        while (!cycle.IsCancellationRequested && Due is { } due && (due <= Now || !next.IsCompleted))
        {
            if (due > Now)
            {
                using var received = CancellationTokenSource.CreateLinkedTokenSource(cycle.Token);
                await Task.WhenAny(next, Task.Delay(due - Now, _time, received.Token));
                await received.CancelAsync();
            }
            else if (_listDueAt <= Now)
            {
                (_listDueAt, _isListDue) = (null, _kept.HasRoom);
                await (_isListDue ? cycle.CancelAsync() : Task.CompletedTask);
            }
            else
            {
                Become(_sync.WatchProgressed(Now));
            }
        }

        return await next;
    }

    private TimeSpan? Due => _sync.ReliableAt(Now, _options) is { } reliableAt && !(_listDueAt < reliableAt) ? reliableAt : _listDueAt;

    // Objects beyond the number per namespace, or its share, are known by a list only. One tenant can make that necessary again and again.
    private void PlanList(string ns)
    {
        const int WatchedPerListed = 200;
        if (_kept.MadeRoom(ns))
        {
            var pause = _listDuration * WatchedPerListed;
            _listDueAt ??= Now + (pause > _options.MaxDelay ? pause : _options.MaxDelay);
        }
    }

    private void Process(WatchEvent change)
    {
        var isInScope = _scope.Includes(change.Subject.Key);
        if (isInScope)
        {
            _kept.Process(change);
            _share?.Hold(_kept.Bytes);
        }

        if (change.Subject.ResourceVersion.Length > 0)
        {
            _sync = _sync.MovedTo(change.Subject.ResourceVersion);
        }

        Become(_sync.Received(isInScope ? change.Subject.ResourceVersion : "", Now));
    }

    private void OnUnreadable(UnreadableObject unreadable)
    {
        _metrics?.Unreadable(Kind.Kind);
        if (unreadable.Excess is { } excess)
        {
            _api.Limits?.Exceeded(excess.MetricName);
        }

        if (_kept.Unreadable.MayLog(Now))
        {
            _logger.Unreadable(Kind.Kind, unreadable.Name, ClusterName, unreadable.Error);
        }
    }

    // Of all that share the memory, this one's group holds the most.
    private async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        var excess = _share!.Excess!;
        _api.Limits?.Exceeded(excess.MetricName);
        var error = ApiErrors.OverLimit($"list {Kind.QualifiedPlural} on the {ClusterName}: {excess.Describe(flagPrefix: null)}", isFixedLimit: !excess.IsSetting);

        // Before the store is emptied, so that listeners know that no object was deleted.
        Become(_sync.Evicted(error, Now));
        _kept.Clear(LastVersion);
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
            _kept.Clear(LastVersion);
        }

        var delay = _backoff.Delay(_sync.Failures - 1);
        var retryAfter = error.RetryAfter < _options.WatchTimeout ? error.RetryAfter.Value : _options.WatchTimeout;
        await Task.Delay(error.RetryAfter > delay ? retryAfter : delay, _time, cancellationToken);
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
