namespace ServiceProviderOcm.Core.Kubernetes.Timing;

/// <summary>A clock that counts its timers that have yet to fire.</summary>
/// <param name="time">The clock.</param>
internal sealed class PendingTimers(TimeProvider time) : TimeProvider
{
    private int _count;

    /// <summary>The number of timers that have yet to fire.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => time.LocalTimeZone;

    /// <inheritdoc/>
    public override long TimestampFrequency => time.TimestampFrequency;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    /// <inheritdoc/>
    public override long GetTimestamp() => time.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new CountedTimer(this, callback, state);
        timer.Start(time, dueTime, period);
        return timer;
    }

    private sealed class CountedTimer(PendingTimers timers, TimerCallback callback, object? state) : ITimer
    {
        private ITimer? _timer;
        private bool _isPending;
        private bool _isRepeated;

        public void Start(TimeProvider time, TimeSpan dueTime, TimeSpan period)
        {
            _isRepeated = period > TimeSpan.Zero;
            SetPending(dueTime >= TimeSpan.Zero);
            _timer = time.CreateTimer(static timer => ((CountedTimer)timer!).Fire(), this, dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _isRepeated = period > TimeSpan.Zero;
            SetPending(dueTime >= TimeSpan.Zero);
            return _timer!.Change(dueTime, period);
        }

        public void Dispose()
        {
            SetPending(false);
            _timer!.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            SetPending(false);
            return _timer!.DisposeAsync();
        }

        private void Fire()
        {
            SetPending(_isRepeated);
            callback(state);
        }

        private void SetPending(bool isPending)
        {
            if (Interlocked.Exchange(ref _isPending, isPending) != isPending)
            {
                Interlocked.Add(ref timers._count, isPending ? 1 : -1);
            }
        }
    }
}
