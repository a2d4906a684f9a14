using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>All that an informer knows about its own progress, as an immutable state machine. Times are the informer's uptime.</summary>
internal sealed record SyncState
{
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

    private TimeSpan? FailingSince { get; init; }

    private TimeSpan? WatchOpenedAt { get; init; }

    // The last failure was the watch's. Another list cannot fix that.
    private bool IsWatchFailing { get; init; }

    /// <summary>A complete list has been received.</summary>
    public SyncState Listed(WatchPosition position) => this with
    {
        Position = position,
        HasListed = true,
        FailingSince = IsWatchFailing ? FailingSince : null,
        State = IsWatchFailing && State.Failure is { } error ? new InformerState.Stale(error) : new InformerState.Synced(),
    };

    /// <summary>The server has accepted a watch. The store is up to date; the back-off is kept until the watch has lasted.</summary>
    public SyncState WatchOpened(TimeSpan now) => this with
    {
        WatchOpenedAt = WatchOpenedAt ?? now,
        IsWatchFailing = false,
        FailingSince = null,
        State = new InformerState.Synced(),
    };

    /// <summary>The watch has delivered an event, or has ended without an error.</summary>
    public SyncState WatchProgressed(TimeSpan now) => WatchOpened(now) with { Failures = 0 };

    /// <summary>All changes up to this version are known.</summary>
    public SyncState MovedTo(string resourceVersion) => this with { Position = Position! with { ResourceVersion = resourceVersion } };

    /// <summary>A list or a watch has failed. The error is reported once it lasts, unless nothing has been listed yet.</summary>
    public SyncState Failed(KubernetesApiException error, TimeSpan now, InformerOptions options)
    {
        var watchLasted = WatchOpenedAt is { } openedAt && now - openedAt >= options.MaxDelay;
        var failingSince = FailingSince ?? now;
        var mayWait = State.HasSynced || error.IsGone;
        return this with
        {
            Failures = watchLasted ? 1 : Failures + 1,
            WatchOpenedAt = null,
            IsWatchFailing = Position is not null && !error.IsGone,
            Position = error.IsTransient ? Position : null,
            FailingSince = error.IsNotFound ? null : failingSince,
            State = error.IsNotFound ? new InformerState.NotServed()
                : mayWait && now - failingSince < options.FailureGrace ? State
                : State.HasSynced ? new InformerState.Stale(error)
                : new InformerState.Failing(error),
        };
    }
}
