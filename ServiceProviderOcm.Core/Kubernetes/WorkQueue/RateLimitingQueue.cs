using System.Threading.Channels;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.WorkQueue;

/// <summary>
/// A queue of keys to work on, with client-go's promises: a key waits at most once however often it is added; one key is
/// never worked on twice at once; a key added while it is being worked on comes back when that is done. Thread-safe.
/// </summary>
public sealed class RateLimitingQueue : IDisposable
{
    // A timer cannot be set for longer than some weeks; it is set again when it fires.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly Channel<ObjectKey> _ready = Channel.CreateUnbounded<ObjectKey>();
    private readonly Dictionary<ObjectKey, long> _waiting = [];
    private readonly Dictionary<ObjectKey, long> _processing = [];
    private readonly Dictionary<ObjectKey, TimeSpan> _due = [];
    private readonly PriorityQueue<ObjectKey, TimeSpan> _delayed = new();
    private readonly ExponentialBackoff _backoff;
    private readonly TokenBucket _bucket;
    private readonly TimeProvider _time;
    private readonly WorkQueueMetrics _metrics;
    private readonly long _start;
    private readonly ITimer _timer;
    private bool _isShutDown;

    /// <summary>An empty queue.</summary>
    /// <param name="options">How failing keys are held back.</param>
    /// <param name="time">The clock for delays.</param>
    /// <param name="random">The source of jitter.</param>
    /// <param name="metrics">Told what happens to keys, and shows from now on how the queue stands.</param>
    public RateLimitingQueue(WorkQueueOptions options, TimeProvider time, Random random, WorkQueueMetrics metrics)
    {
        _time = time;
        _start = time.GetTimestamp();
        _backoff = new ExponentialBackoff(options.BaseDelay, options.MaxDelay, random);
        _bucket = new TokenBucket(options.RetriesPerSecond, options.RetryBurst, time);
        _timer = time.CreateTimer(_ => AddDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _metrics = metrics;
        metrics.Observe(() => Count, () => Running);
    }

    /// <summary>How many keys wait to be worked on now; delayed ones are not counted.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Keys.Count(key => !_processing.ContainsKey(key));
            }
        }
    }

    /// <summary>Whether the queue moves.</summary>
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

    /// <summary>For how long each key that is being worked on has been.</summary>
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

    /// <summary>Adds a key, unless it waits already. After <see cref="ShutDown"/> keys are dropped.</summary>
    public void Add(ObjectKey key)
    {
        lock (_lock)
        {
            AddLocked(key);
        }
    }

    /// <summary>Adds a key after a while. Of several delays for one key the one that ends first counts.</summary>
    public void AddAfter(ObjectKey key, TimeSpan delay)
    {
        lock (_lock)
        {
            if (_isShutDown)
            {
                return;
            }

            if (delay <= TimeSpan.Zero)
            {
                AddLocked(key);
                return;
            }

            var now = _time.GetElapsedTime(_start);
            var due = delay < TimeSpan.MaxValue - now ? now + delay : TimeSpan.MaxValue;
            if (_due.TryGetValue(key, out var earlier) && earlier <= due)
            {
                return;
            }

            _due[key] = due;
            _delayed.Enqueue(key, due);
            DropOutdatedLocked();
            ScheduleLocked();
        }
    }

    /// <summary>
    /// Adds a key that has failed: after the key's own back-off, and not before the queue's overall rate allows it.
    /// </summary>
    /// <param name="key">The key that has failed.</param>
    /// <param name="atLeast">A pause that somebody asked for, such as a server's <c>Retry-After</c>.</param>
    public void AddRateLimited(ObjectKey key, TimeSpan atLeast = default)
    {
        TimeSpan delay;
        lock (_lock)
        {
            delay = TimeSpan.FromTicks(Math.Max(_backoff.Next(key).Ticks, _bucket.Take().Ticks));
        }

        _metrics.Retried();
        AddAfter(key, delay > atLeast ? delay : atLeast);
    }

    /// <summary>Forgets a key's failures, once it has succeeded.</summary>
    public void Forget(ObjectKey key)
    {
        lock (_lock)
        {
            _backoff.Forget(key);
        }
    }

    /// <summary>
    /// Waits for the next key. The caller works on it and then calls <see cref="Done"/>, whatever happened.
    /// </summary>
    /// <returns>A key, or nothing once the queue is shut down and all that waited has been handed out.</returns>
    public async ValueTask<ObjectKey?> TakeAsync(CancellationToken cancellationToken)
    {
        while (await _ready.Reader.WaitToReadAsync(cancellationToken))
        {
            lock (_lock)
            {
                if (_ready.Reader.TryRead(out var key))
                {
                    _waiting.Remove(key, out var since);
                    _processing.Add(key, _time.GetTimestamp());
                    _metrics.Taken(_time.GetElapsedTime(since));
                    return key;
                }
            }
        }

        return null;
    }

    /// <summary>Says that the work on a key has ended. If the key was added meanwhile, it waits again.</summary>
    public void Done(ObjectKey key)
    {
        lock (_lock)
        {
            if (_processing.Remove(key, out var since))
            {
                _metrics.Done(_time.GetElapsedTime(since));
            }

            if (_waiting.ContainsKey(key))
            {
                _ready.Writer.TryWrite(key);
            }

            CompleteIfDrainedLocked();
        }
    }

    /// <summary>
    /// Takes no more keys and drops the delayed ones. What waits is still handed out; then <see cref="TakeAsync"/> returns nothing.
    /// </summary>
    public void ShutDown()
    {
        lock (_lock)
        {
            _isShutDown = true;
            _due.Clear();
            _delayed.Clear();
            CompleteIfDrainedLocked();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void AddLocked(ObjectKey key)
    {
        if (_isShutDown || !_waiting.TryAdd(key, _time.GetTimestamp()))
        {
            return;
        }

        _metrics.Added();
        _due.Remove(key);
        if (!_processing.ContainsKey(key))
        {
            _ready.Writer.TryWrite(key);
        }
    }

    private void AddDue()
    {
        lock (_lock)
        {
            var now = _time.GetElapsedTime(_start);
            while (_delayed.TryPeek(out var key, out var due) && due <= now)
            {
                _delayed.Dequeue();
                if (_due.TryGetValue(key, out var current) && current == due)
                {
                    _due.Remove(key);
                    AddLocked(key);
                }
            }

            ScheduleLocked();
        }
    }

    // Delays that were overtaken stay in the heap until their time; with long ones that could be never.
    private void DropOutdatedLocked()
    {
        const int Tolerated = 1000;
        if (_delayed.Count > (2 * _due.Count) + Tolerated)
        {
            _delayed.Clear();
            _delayed.EnqueueRange(_due.Select(entry => (entry.Key, entry.Value)));
        }
    }

    private void ScheduleLocked()
    {
        if (_delayed.TryPeek(out _, out var due))
        {
            var wait = due - _time.GetElapsedTime(_start);
            var wholeMilliseconds = Math.Ceiling(Math.Clamp(wait.TotalMilliseconds, 0, LongestTimer.TotalMilliseconds));
            _timer.Change(TimeSpan.FromMilliseconds(wholeMilliseconds), Timeout.InfiniteTimeSpan);
        }
    }

    private void CompleteIfDrainedLocked()
    {
        if (_isShutDown && !_waiting.Keys.Any(_processing.ContainsKey))
        {
            _ready.Writer.TryComplete();
        }
    }
}
