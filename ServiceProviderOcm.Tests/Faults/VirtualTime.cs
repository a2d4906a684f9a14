namespace ServiceProviderOcm.Tests.Faults;

/// <summary>A clock that stands still until it is advanced, and knows when its next timer is due.</summary>
internal sealed class VirtualTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly HashSet<VirtualTimer> _timers = [];
    private TimeSpan _now;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>The time since the start.</summary>
    public TimeSpan Now
    {
        get
        {
            lock (_lock)
            {
                return _now;
            }
        }
    }

    /// <summary>When the next timer is due; null if there is none.</summary>
    public TimeSpan? NextDue
    {
        get
        {
            lock (_lock)
            {
                return _timers.Min(timer => timer.Due);
            }
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => Now.Ticks;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => start + Now;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Advances the clock, and fires the timers that are due.</summary>
    public void AdvanceTo(TimeSpan moment)
    {
        while (TakeDue(moment) is { } timer)
        {
            timer.Fire();
        }

        lock (_lock)
        {
            _now = moment > _now ? moment : _now;
        }
    }

    private VirtualTimer? TakeDue(TimeSpan moment)
    {
        lock (_lock)
        {
            var next = _timers.Where(timer => timer.Due <= moment).MinBy(timer => timer.Due);
            if (next is not null)
            {
                _now = next.Due > _now ? next.Due!.Value : _now;
                next.Due = null;
                _timers.Remove(next);
            }

            return next;
        }
    }

    private sealed class VirtualTimer(VirtualTime time, Action fire) : ITimer
    {
        private TimeSpan _period;
        private bool _isDisposed;

        public TimeSpan? Due { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                _period = period;
                Schedule(dueTime);
                return !_isDisposed;
            }
        }

        public void Fire()
        {
            lock (time._lock)
            {
                // A period of zero is none.
                Schedule(_period == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : _period);
            }

            fire();
        }

        public void Dispose()
        {
            lock (time._lock)
            {
                _isDisposed = true;
                Schedule(Timeout.InfiniteTimeSpan);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Schedule(TimeSpan after)
        {
            if (_isDisposed || after < TimeSpan.Zero)
            {
                Due = null;
                time._timers.Remove(this);
            }
            else
            {
                Due = time._now + after;
                time._timers.Add(this);
            }
        }
    }
}
