using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Core.Rollout;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>
/// Rolls the newest configuration out: keeps where each OCM is, as its last reconciliation has found it, and grants updates as
/// <see cref="RolloutDecider"/> decides. Nothing is decided before all OCMs have been reconciled with the newest configuration, except new
/// ones. What a restart must not lose is on the OCMs' Flux objects, and of canaries that have failed, in the status of the ProviderConfig.
/// Thread-safe.
/// </summary>
/// <param name="config">The newest configuration.</param>
/// <param name="ocms">All OCMs that can be read; null if they have not been listed yet.</param>
/// <param name="isStored">Whether a revision is stored, so that drift from it can be reverted after a restart.</param>
/// <param name="record">What the status of the ProviderConfig says of the rollout of a revision.</param>
/// <param name="isCanary">Whether an OCM, which may be gone, may be a canary by these settings.</param>
/// <param name="installsSame">Whether the second of two configurations installs the same for an OCM, or nothing; not if it is gone.</param>
/// <param name="installed">The revision that an OCM is at by its objects, empty if that is not known; null if nothing is installed.</param>
/// <param name="enqueue">Called with the OCMs that are to be updated now.</param>
/// <param name="onChange">Called after a decision that differs from the one before.</param>
/// <param name="time">Clock.</param>
internal sealed class FleetRollout(
    Func<InstallConfig> config,
    Func<IReadOnlyList<ObjectKey>?> ocms,
    Func<string, bool> isStored,
    Func<string, RolloutRecord> record,
    Func<RolloutSettings, ObjectKey, bool> isCanary,
    Func<InstallConfig, InstallConfig, ObjectKey, bool> installsSame,
    Func<ObjectKey, string?> installed,
    Action<ObjectKey> enqueue,
    Action onChange,
    TimeProvider time) : IDisposable
{
    // Decisions take a twentieth of the time at most: in a large fleet, one for each report would take all of it.
    private const int PausePerDecision = 19;

    // Whatever the clock says: the process may have been suspended meanwhile.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<ObjectKey, RolloutPosition> _positions = [];
    private readonly Dictionary<ObjectKey, RolloutGrant> _grants = [];
    private InstallConfig? _newest;
    private string _current = "";
    private IReadOnlyList<ObjectKey> _failedCanaries = [];
    private IReadOnlyList<ObjectKey> _updatingCanaries = [];
    private DateTimeOffset _startedAt;
    private RolloutStatus? _status;
    private ITimer? _timer;
    private long _decidedAt;
    private TimeSpan _pause;

    /// <summary>How far the rollout is; null if nothing has been decided yet.</summary>
    public RolloutStatus? Status
    {
        get
        {
            lock (_lock)
            {
                return _status;
            }
        }
    }

    /// <summary>The number of OCMs that something is known of.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _positions.Count;
            }
        }
    }

    /// <summary>The revision that was last rolled out completely.</summary>
    public string Current
    {
        get
        {
            lock (_lock)
            {
                Refresh();
                return _current;
            }
        }
    }

    /// <summary>The revisions that OCMs are at, or may be installed at; null if that is not known for all.</summary>
    public IReadOnlySet<string>? RevisionsInUse
    {
        get
        {
            lock (_lock)
            {
                Refresh();
                return _newest is null || ocms() is not { } all || !AreKnown(all) || _positions.Values.Any(each => each.IsUnknown) ? null
                    : _positions.Values.Select(each => each.Revision).Append(_newest.Revision).Append(_current).ToHashSet(StringComparer.Ordinal);
            }
        }
    }

    /// <summary>The revision that an OCM was at when it was last reconciled; empty if that is not known.</summary>
    public string RevisionOf(ObjectKey ocm)
    {
        lock (_lock)
        {
            return _positions.GetValueOrDefault(ocm)?.Revision ?? "";
        }
    }

    /// <summary>Where an OCM stays that takes no part in the rollout.</summary>
    public RolloutPosition Outside(ObjectKey ocm, InstallConfig newest) =>
        new(newest, RevisionOf(ocm) is { Length: > 0 } known ? known : installed(ocm) ?? newest.Revision, Member: null);

    /// <summary>The update of an OCM that is granted; null if there is none.</summary>
    public RolloutGrant? GrantOf(ObjectKey ocm, InstallConfig newest)
    {
        lock (_lock)
        {
            Refresh();
            return ReferenceEquals(newest, _newest) ? _grants.GetValueOrDefault(ocm) : null;
        }
    }

    /// <summary>The revision for an OCM that is installed or changed by its owner: the newest stored one that its stage allows.</summary>
    public string StageOf(bool isCanary, InstallConfig newest)
    {
        lock (_lock)
        {
            Refresh();
            var isAllowed = isCanary || IsWithoutCanaries(newest.Rollout) || _status?.Decision.HaveCanariesPassed is true;
            return (isAllowed && isStored(newest.Revision)) || _current.Length == 0 ? newest.Revision : _current;
        }
    }

    /// <summary>The same for an OCM that is not installed. From now on, the revision is in use: a rollout that ends meanwhile keeps it.</summary>
    public string StageOf(ObjectKey ocm, bool isCanary, InstallConfig newest)
    {
        lock (_lock)
        {
            var stage = StageOf(isCanary, newest);
            _positions.TryAdd(ocm, new RolloutPosition(newest, stage, Member: null) { IsBeginning = true });
            return stage;
        }
    }

    /// <summary>An OCM was reconciled.</summary>
    public void Report(ObjectKey ocm, RolloutPosition position)
    {
        if (Record(ocm, position, out var isDue))
        {
            Decide();
        }

        if (isDue)
        {
            enqueue(ocm);
        }
    }

    // Whether there may be something to decide, and whether the OCM waits for what has been decided meanwhile.
    private bool Record(ObjectKey ocm, RolloutPosition position, out bool isDue)
    {
        isDue = false;
        lock (_lock)
        {
            Refresh();
            if (!ReferenceEquals(position.Newest, _newest))
            {
                // A newer configuration has enqueued it again.
                return false;
            }

            var isNew = !_positions.TryGetValue(ocm, out var before);
            var granted = WithGrant(ocm, position.Since(before?.Member, time.GetUtcNow()));
            isNew |= before != granted;
            _positions[ocm] = granted;

            // Only once, or an OCM that keeps waiting would be enqueued forever.
            isDue = granted.AwaitsNewest && before is not { AwaitsNewest: true } && _status?.Decision.HaveCanariesPassed is true;

            // One that has failed may be no canary any more.
            return isNew || _status is null || _failedCanaries.Contains(ocm);
        }
    }

    /// <summary>An OCM cannot be read. It stays as it is, and nothing waits for it.</summary>
    public void Skip(ObjectKey ocm) => Report(ocm, Outside(ocm, config()));

    /// <summary>An OCM is reconciled later. If it is new, nothing waits for it until then.</summary>
    public void Delay(ObjectKey ocm)
    {
        bool isNew;
        lock (_lock)
        {
            isNew = !_positions.ContainsKey(ocm);
        }

        if (isNew)
        {
            Skip(ocm);
        }
    }

    /// <summary>An OCM is gone.</summary>
    public void Drop(ObjectKey ocm)
    {
        lock (_lock)
        {
            _grants.Remove(ocm);
            _positions.Remove(ocm);
        }

        Decide();
    }

    /// <summary>Decides, now or after a pause.</summary>
    public void Decide()
    {
        IReadOnlyList<ObjectKey> next;
        bool hasChanged;
        lock (_lock)
        {
            if (_pause - time.GetElapsedTime(_decidedAt) is var remaining && remaining > TimeSpan.Zero)
            {
                CheckAt(remaining);
                return;
            }

            var start = time.GetTimestamp();
            (next, hasChanged) = DecideLocked();
            _decidedAt = time.GetTimestamp();
            var pause = time.GetElapsedTime(start, _decidedAt) * PausePerDecision;
            _pause = pause < LongestPause ? pause : LongestPause;
        }

        foreach (var ocm in next)
        {
            enqueue(ocm);
        }

        if (hasChanged)
        {
            onChange();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _timer?.Dispose();
        }
    }

    // Where the configuration is another one, all that was decided and recorded has to be again.
    private void Refresh()
    {
        var newest = config();
        if (ReferenceEquals(newest, _newest))
        {
            return;
        }

        var isOther = _newest?.Revision != newest.Revision;
        if (isOther)
        {
            // After a restart, a stalled rollout has no new deadline, and its canaries have failed still.
            var recorded = _newest is { Exists: true } ? null : record(newest.Revision);
            _startedAt = recorded?.StalledSince is { } since ? since - newest.Rollout.ProgressDeadline : time.GetUtcNow();
            _failedCanaries = recorded?.FailedCanaries ?? OfSame(_failedCanaries, newest);
            _updatingCanaries = OfSame(_updatingCanaries, newest);
        }

        if (isOther || newest.Rollout.IsPaused)
        {
            // What is not written yet is not begun: such a canary is not lost.
            _updatingCanaries = [.. _updatingCanaries.Where(ocm => !_grants.ContainsKey(ocm))];
            _grants.Clear();
        }

        if (_current.Length == 0)
        {
            _current = record(newest.Revision).CurrentRevision ?? newest.Revision;
        }

        _newest = newest;
        _status = null;
    }

    // A change that installs the same for them, such as a new entry of the catalogue, or nothing, is no other try. The return is none, either.
    private IReadOnlyList<ObjectKey> OfSame(IReadOnlyList<ObjectKey> canaries, InstallConfig newest) =>
        newest.Revision == _current ? [] : [.. canaries.Where(ocm => installsSame(_newest!, newest, ocm))];

    // Where the settings are invalid, nobody knows which OCMs are canaries.
    private static bool IsWithoutCanaries(RolloutSettings settings) => settings.Canary is null && settings.Errors.Count == 0;

    // A new one is not waited for: it will be installed at the newest revision or the current one. One that cannot be read does not stand in
    // for another.
    private bool AreKnown(IReadOnlyList<ObjectKey> all) => all.All(ocm =>
        _positions.TryGetValue(ocm, out var position) ? ReferenceEquals(position.Newest, _newest) : installed(ocm) is null);

    // The OCMs to reconcile now: those that may be updated, and those that waited for their stage.
    private (IReadOnlyList<ObjectKey> Next, bool HasChanged) DecideLocked()
    {
        Refresh();
        if (_newest is not { Exists: true } newest || !isStored(newest.Revision) || ocms() is not { } all || !AreKnown(all))
        {
            return ([], false);
        }

        var count = all.Count;
        var now = time.GetUtcNow();
        var decision = DecideAt(newest, count, now);
        List<ObjectKey> next = [];
        while (decision.Next.Count > 0)
        {
            foreach (var ocm in decision.Next)
            {
                var position = _positions[ocm];
                _grants[ocm] = new RolloutGrant(
                    newest.Revision, Timestamps.WholeSeconds(now), position.Member!.IsReadyButForUpdates(newest.Rollout));
                _positions[ocm] = WithGrant(ocm, position);
                next.Add(ocm);
            }

            decision = DecideAt(newest, count, now);
        }

        if (_status is null || (decision.HaveCanariesPassed && !_status.Decision.HaveCanariesPassed))
        {
            next.AddRange(_positions.Where(each => each.Value.AwaitsNewest).Select(each => each.Key));
        }

        _failedCanaries = decision.FailedCanaries;
        _updatingCanaries = decision.UpdatingCanaries;
        _current = decision.Phase == RolloutPhase.Complete ? newest.Revision : _current;
        var members = _positions.Values.Count(position => position.Member is not null);
        var status = new RolloutStatus(_current, newest.Revision, count, members - decision.Unavailable, decision);
        var hasChanged = !IsSame(_status, status);
        _status = status;
        CheckAt(decision.CheckAt - now);
        return (next, hasChanged);
    }

    private RolloutDecision DecideAt(InstallConfig newest, int count, DateTimeOffset now) => RolloutDecider.Decide(
        new RolloutFleet(count, [.. _positions.Values.Select(position => position.Member).OfType<RolloutMember>()], _startedAt)
        {
            FailedCanaries = [.. _failedCanaries.Where(ocm => isCanary(newest.Rollout, ocm))],
            UpdatingCanaries = [.. _updatingCanaries.Where(ocm => isCanary(newest.Rollout, ocm))],
        },
        newest.Rollout,
        now);

    // Until its objects say so themselves, an OCM counts as updated from when that was decided.
    private RolloutPosition WithGrant(ObjectKey ocm, RolloutPosition position)
    {
        if (!_grants.TryGetValue(ocm, out var grant))
        {
            return position;
        }

        if (position.Granted(grant) is { } granted)
        {
            return granted;
        }

        _grants.Remove(ocm);
        return position;
    }

    private static bool IsSame(RolloutStatus? one, RolloutStatus other) => one is not null
        && one.Decision.IsSameAs(other.Decision)
        && one with { Decision = other.Decision } == other;

    private void CheckAt(TimeSpan? delay)
    {
        var due = delay is null ? Timeout.InfiniteTimeSpan : delay.Value > TimeSpan.Zero ? delay.Value : TimeSpan.Zero;
        _timer ??= time.CreateTimer(_ => Decide(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(due, Timeout.InfiniteTimeSpan);
    }
}
