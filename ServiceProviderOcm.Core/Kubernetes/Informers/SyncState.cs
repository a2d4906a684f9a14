using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>All that an informer knows about its own progress, as an immutable state machine. Times are the informer's uptime.</summary>
internal sealed record SyncState
{
    private const int MostBrokenWatches = 2;
    private const int MostEmptyWatches = 10;

    /// <summary>Nothing has been listed.</summary>
    public static readonly SyncState Initial = new();

    private SyncState()
    {
    }

    /// <summary>How far the store can be relied on.</summary>
    public InformerState State { get; private init; } = new InformerState.Starting();

    /// <summary>From where to watch; null if a list is needed first.</summary>
    public WatchPosition? Position { get; private init; }

    /// <summary>Whether a complete list has ever been received.</summary>
    public bool HasListed { get; private init; }

    /// <summary>The number of consecutive failures, for the back-off.</summary>
    public int Failures { get; private init; }

    /// <summary>
    /// The number of consecutive watches that failed after they were opened, and before they sent news or lasted. To resume such a
    /// watch at the same version does not help.
    /// </summary>
    public int BrokenWatches { get; private init; }

    /// <summary>Whether watches can be opened, and send nothing but errors.</summary>
    public bool IsWatchBroken => BrokenWatches >= MostBrokenWatches;

    /// <summary>When the server last accepted a watch, or sent something; 0 before that.</summary>
    public TimeSpan ProgressedAt { get; private init; }

    /// <summary>The highest version since the last list, which a server that sends old events again does not raise.</summary>
    public ulong HighestVersion { get; private init; }

    private int EmptyWatches { get; init; }

    private TimeSpan? FailingSince { get; init; }

    // Whether the watch is open and has sent no news.
    private bool IsQuiet { get; init; }

    private TimeSpan? WatchOpenedAt { get; init; }

    // The last failure was the watch's. Another list cannot fix that.
    private bool IsWatchFailing { get; init; }

    /// <summary>A complete list has been received.</summary>
    public SyncState Listed(WatchPosition position) => this with
    {
        Position = position,
        HighestVersion = Store.Version(position.ResourceVersion),
        HasListed = true,
        FailingSince = IsWatchFailing ? FailingSince : null,
        State = IsWatchFailing && State.Failure is { } error ? new InformerState.Stale(error) : new InformerState.Synced(),
    };

    /// <summary>The server has accepted a watch. The store is up to date; the back-off is kept until the watch has lasted.</summary>
    public SyncState WatchOpened(TimeSpan now)
    {
        var open = this with { WatchOpenedAt = WatchOpenedAt ?? now, ProgressedAt = now, IsQuiet = true };
        return IsWatchBroken ? open : open with { IsWatchFailing = false, FailingSince = null, State = new InformerState.Synced() };
    }

    /// <summary>The watch has sent news, or has been open for long enough to be relied on without.</summary>
    public SyncState WatchProgressed(TimeSpan now) =>
        (this with { BrokenWatches = 0, EmptyWatches = 0 }).WatchOpened(now) with { Failures = 0, IsQuiet = false };

    /// <summary>The watch has delivered an event: news if its version is higher than all before.</summary>
    public SyncState Received(string resourceVersion, TimeSpan now)
    {
        var version = Store.Version(resourceVersion);
        return version > HighestVersion
            ? WatchProgressed(now) with { HighestVersion = version }
            : this with { ProgressedAt = now };
    }

    /// <summary>When a watch that follows broken ones will have been open for long enough, at the earliest; null if there is none.</summary>
    public TimeSpan? ReliableAt(TimeSpan now, InformerOptions options) =>
        IsWatchBroken ? (WatchOpenedAt ?? now) + options.MaxDelay : null;

    /// <summary>The watch has ended without an error. If watches end early again and again, a list shows what is new.</summary>
    public SyncState WatchEnded(bool hasNews, TimeSpan lasted, TimeSpan now, InformerOptions options) =>
        (hasNews || lasted >= options.MaxDelay ? WatchProgressed(now) : WatchEndedEarly()) with
        {
            IsQuiet = false,
            WatchOpenedAt = null,
        };

    /// <summary>All changes up to this version are known. An earlier version is ignored.</summary>
    public SyncState MovedTo(string resourceVersion) =>
        Store.Version(resourceVersion) < Store.Version(Position!.ResourceVersion)
            ? this
            : this with { Position = Position with { ResourceVersion = resourceVersion } };

    /// <summary>There are objects that only a list shows.</summary>
    public SyncState ListDue() => this with { Position = null, IsQuiet = false, WatchOpenedAt = null };

    /// <summary>All objects are dropped because of a limit. That is reported at once: the store does not have the earlier state.</summary>
    public SyncState Evicted(KubernetesApiException error, TimeSpan now) => this with
    {
        IsQuiet = false,
        Failures = Failures + 1,
        WatchOpenedAt = null,
        IsWatchFailing = false,
        Position = null,
        FailingSince = FailingSince ?? now,
        State = new InformerState.Failing(error),
    };

    /// <summary>A list or a watch has failed. The error is reported once it lasts, unless nothing has been listed yet.</summary>
    public SyncState Failed(KubernetesApiException error, TimeSpan now, InformerOptions options)
    {
        var watchLasted = WatchOpenedAt is { } openedAt && now - openedAt >= options.MaxDelay;
        var failingSince = watchLasted ? now : FailingSince ?? now;
        var mayWait = State.HasSynced || error.IsGone;
        var broken = watchLasted ? 0 : IsQuiet ? BrokenWatches + 1 : BrokenWatches;
        var mustList = !error.IsTransient || error.IsOverLimit
            || (IsQuiet && broken >= MostBrokenWatches && broken % MostBrokenWatches == 0);
        return this with
        {
            BrokenWatches = broken,
            IsQuiet = false,
            Failures = watchLasted ? 1 : Failures + 1,
            WatchOpenedAt = null,
            IsWatchFailing = Position is not null && (!error.IsGone || broken >= MostBrokenWatches),
            Position = mustList ? null : Position,
            FailingSince = error.IsNotFound ? null : failingSince,
            State = error.IsNotFound ? new InformerState.NotServed()
                : mayWait && now - failingSince < options.FailureGrace ? State
                : State.HasSynced ? new InformerState.Stale(error)
                : new InformerState.Failing(error),
        };
    }

    private SyncState WatchEndedEarly() => this with
    {
        EmptyWatches = EmptyWatches + 1,
        Failures = Math.Max(Failures, EmptyWatches + 1 - MostEmptyWatches),
        Position = EmptyWatches + 1 >= MostEmptyWatches ? null : Position,
    };
}
