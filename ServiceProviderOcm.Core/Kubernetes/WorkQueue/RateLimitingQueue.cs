using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Timing;

namespace ServiceProviderOcm.Core.Kubernetes.WorkQueue;

/// <summary>
/// A queue of keys to process, with client-go's guarantees: a key waits at most once however often it is added; one key is never
/// processed twice at the same time; a key added while it is being processed is processed again afterwards. Keys have priorities, as
/// in controller-runtime's priority queue, and none is starved: <see cref="ReadyKeys"/>. Beyond a number of keys of one namespace that are
/// processed at the same time, its others are held back. Thread-safe.
/// </summary>
/// <remarks>
/// The reasons for which a key was added while it waits are merged, and its priority is that of all of them. Those added while it is being
/// processed belong to the next time. A delay that is superseded, because the key is added without delay or with one that ends earlier,
/// is dropped with its reasons, except those that last, such as a failure or a change.
/// </remarks>
/// <typeparam name="TReasons">Why a key was added, such as an enum of flags.</typeparam>
public sealed class RateLimitingQueue<TReasons> : IDisposable
{
    // Timers are limited to some weeks; a longer one is set again when it fires.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly ReadyKeys _ready;

    // One element per ready key that is not held back.
    private readonly Channel<bool> _wakeUps = Channel.CreateUnbounded<bool>();
    private readonly Dictionary<ObjectKey, (long Since, TReasons Reasons)> _waiting = [];
    private readonly Dictionary<ObjectKey, long> _processing = [];
    private readonly DelayedItems<TReasons> _delayed;
    private readonly KeyedBackoff _backoff;
    private readonly RetryRate _rate;
    private readonly Func<TReasons, TReasons, TReasons> _merge;
    private readonly Func<TReasons, QueuePriority> _priorityOf;
    private readonly TimeProvider _time;
    private readonly WorkQueueMetrics _metrics;
    private readonly long _start;
    private readonly ITimer _timer;
    private bool _isShutDown;

    /// <summary>An empty queue.</summary>
    /// <param name="merge">Merges reasons, such as by bitwise or; associative and without side effects.</param>
    /// <param name="options">Rate limits.</param>
    /// <param name="time">The clock for delays.</param>
    /// <param name="random">Jitter.</param>
    /// <param name="metrics">Metrics of this queue.</param>
    /// <param name="priorityOf">
    /// The priority of merged reasons, which must not be lower than that of any of them; null if all keys are equal.
    /// </param>
    public RateLimitingQueue(
        Func<TReasons, TReasons, TReasons> merge,
        WorkQueueOptions options,
        TimeProvider time,
        Random random,
        WorkQueueMetrics metrics,
        Func<TReasons, QueuePriority>? priorityOf = null)
    {
        _merge = merge;
        _ready = new ReadyKeys(options.MaxRunningPerNamespace);
        _priorityOf = priorityOf ?? (_ => QueuePriority.Normal);
        _delayed = new DelayedItems<TReasons>(merge);
        _time = time;
        _start = time.GetTimestamp();
        _backoff = new KeyedBackoff(new Backoff(options.BaseDelay, options.MaxDelay, random));
        _rate = new RetryRate(options.RetriesPerSecond, options.RetryBurst, time);
        _timer = time.CreateTimer(_ => AddDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _metrics = metrics;
        metrics.Observe(() => Count, () => Running);
    }

    /// <summary>The number of keys that are ready to be processed, with those held back; delayed ones are not counted.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _ready.Count;
            }
        }
    }

    /// <summary>Whether the queue makes progress.</summary>
    public QueueHealth Health
    {
        get
        {
            lock (_lock)
            {
                return new QueueHealth(_waiting.Count, Running.DefaultIfEmpty().Max());
            }
        }
    }

    /// <summary>What the queue holds, all of which goes when its keys are processed and forgotten.</summary>
    public QueueEntries Entries
    {
        get
        {
            lock (_lock)
            {
                return new QueueEntries(_waiting.Count, _delayed.Count, _processing.Count, _backoff.Count);
            }
        }
    }

    /// <summary>For how long each key in progress has been processed.</summary>
    public IReadOnlyCollection<TimeSpan> Running
    {
        get
        {
            lock (_lock)
            {
                return [.. _processing.Values.Select(since => _time.GetElapsedTime(since))];
            }
        }
    }

    /// <summary>Adds a key, or the reasons to a key that waits already. After <see cref="ShutDown"/> keys are dropped.</summary>
    public void Add(ObjectKey key, TReasons reasons)
    {
        lock (_lock)
        {
            AddLocked(key, reasons);
        }
    }

    /// <summary>Adds a key after a delay. Of several delays of one key the one that ends first counts.</summary>
    /// <param name="key">The key.</param>
    /// <param name="delay">How long to wait.</param>
    /// <param name="reasons">Why it is added.</param>
    /// <param name="isLasting">
    /// Whether the reasons hold whenever the key is processed, such as a change. Those that hold only at the end of the delay, such as an
    /// interval, are dropped if it is superseded.
    /// </param>
    public void AddAfter(ObjectKey key, TimeSpan delay, TReasons reasons, bool isLasting = false)
    {
        lock (_lock)
        {
            if (delay <= TimeSpan.Zero)
            {
                AddLocked(key, reasons);
            }
            else if (!_isShutDown)
            {
                var now = _time.GetElapsedTime(_start);
                _delayed.Add(key, reasons, delay < TimeSpan.MaxValue - now ? now + delay : TimeSpan.MaxValue, isLasting);
                ScheduleLocked();
            }
        }
    }

    /// <summary>Adds a key that has failed, after the key's own back-off and not before the queue's overall rate allows it.</summary>
    /// <param name="key">The key that has failed.</param>
    /// <param name="reasons">Why it is added.</param>
    /// <param name="atLeast">The minimum delay, such as a server's <c>Retry-After</c>.</param>
    public void AddRateLimited(ObjectKey key, TReasons reasons, TimeSpan atLeast = default)
    {
        TimeSpan delay;
        lock (_lock)
        {
            delay = TimeSpan.FromTicks(Math.Max(_backoff.Next(key).Ticks, _rate.Take(key.Namespace).Ticks));
        }

        _metrics.Retried();
        AddAfter(key, delay > atLeast ? delay : atLeast, reasons, isLasting: true);
    }

    /// <summary>Resets a key's back-off, once it has succeeded.</summary>
    public void Forget(ObjectKey key)
    {
        lock (_lock)
        {
            _backoff.Forget(key);
        }
    }

    /// <summary>Drops the delay of a key, such as a retry; a key that is ready already stays.</summary>
    public void DropDelay(ObjectKey key)
    {
        lock (_lock)
        {
            _delayed.Remove(key);
            ScheduleLocked();
        }
    }

    /// <summary>
    /// Takes one item after the other, waiting where there is none, until the queue is shut down and drained. Several callers share the
    /// items. For each item, <see cref="Done"/> must be called once it has been processed, whatever the result.
    /// </summary>
    public async IAsyncEnumerable<QueueItem<TReasons>> TakeAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await _wakeUps.Reader.WaitToReadAsync(cancellationToken))
        {
            if (TryTake(out var item))
            {
                yield return item;
            }
        }
    }

    /// <summary>Ends the processing of a key, and of holding back one of its namespace. If the key was added meanwhile, it is ready again.</summary>
    public void Done(ObjectKey key)
    {
        lock (_lock)
        {
            if (_processing.Remove(key, out var since))
            {
                _metrics.Done(_time.GetElapsedTime(since));
                WakeUpLocked(_ready.Done(key));
            }

            if (_waiting.TryGetValue(key, out var waiting))
            {
                MakeReadyLocked(key, waiting.Reasons);
            }

            CompleteIfDrainedLocked();
        }
    }

    /// <summary>Accepts no more keys and drops the delayed ones. Those that wait are still handed out.</summary>
    public void ShutDown()
    {
        lock (_lock)
        {
            _isShutDown = true;
            _delayed.Clear();
            ScheduleLocked();
            CompleteIfDrainedLocked();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private bool TryTake(out QueueItem<TReasons> item)
    {
        lock (_lock)
        {
            if (!_wakeUps.Reader.TryRead(out _) || !_ready.TryTake(out var next))
            {
                item = default;
                return false;
            }

            var key = next.Value;
            _waiting.Remove(key, out var waiting);
            _processing.Add(key, _time.GetTimestamp());
            var waited = _time.GetElapsedTime(waiting.Since);
            _metrics.Taken(waited);
            item = new QueueItem<TReasons>(key, waiting.Reasons) { Waited = waited };
            return true;
        }
    }

    private void AddLocked(ObjectKey key, TReasons reasons)
    {
        if (_isShutDown)
        {
            return;
        }

        if (_waiting.TryGetValue(key, out var waiting))
        {
            var merged = _merge(waiting.Reasons, reasons);
            _waiting[key] = waiting with { Reasons = merged };
            if (!_processing.ContainsKey(key))
            {
                _ready.Add(key, _priorityOf(merged));
            }

            return;
        }

        var all = _delayed.Supersede(key, reasons);
        _waiting[key] = (_time.GetTimestamp(), all);
        _metrics.Added();
        if (!_processing.ContainsKey(key))
        {
            MakeReadyLocked(key, all);
        }
    }

    private void MakeReadyLocked(ObjectKey key, TReasons reasons)
    {
        WakeUpLocked(_ready.Add(key, _priorityOf(reasons)));
    }

    private void WakeUpLocked(bool mayTakeOneMore)
    {
        if (mayTakeOneMore)
        {
            _wakeUps.Writer.TryWrite(true);
        }
    }

    private void AddDue()
    {
        lock (_lock)
        {
            foreach (var (key, reasons) in _delayed.TakeDue(_time.GetElapsedTime(_start)))
            {
                AddLocked(key, reasons);
            }

            ScheduleLocked();
        }
    }

    private void ScheduleLocked()
    {
        if (_delayed.TryGetNextDue(out var due))
        {
            var wait = due - _time.GetElapsedTime(_start);
            var wholeMilliseconds = Math.Ceiling(Math.Clamp(wait.TotalMilliseconds, 0, LongestTimer.TotalMilliseconds));
            _timer.Change(TimeSpan.FromMilliseconds(wholeMilliseconds), Timeout.InfiniteTimeSpan);
        }
        else
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private void CompleteIfDrainedLocked()
    {
        // All that wait may be taken: none is held back or still being processed.
        if (_isShutDown && _wakeUps.Reader.Count == _waiting.Count)
        {
            _wakeUps.Writer.TryComplete();
        }
    }
}
