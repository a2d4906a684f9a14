namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>
/// What many servers that strangers administer may use together: memory for what is read from them, and bytes per minute. One server has
/// limits of its own (<see cref="ReadLimits"/>), but there may be any number of servers. Thread-safe.
/// </summary>
/// <param name="options">The limits.</param>
/// <param name="time">Clock.</param>
public sealed class ReadBudget(ReadBudgetOptions options, TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Group> _groups = new(StringComparer.Ordinal);
    private long _memory;
    private long _traffic;
    private long _minute;
    private long _started = time.GetTimestamp();

    /// <summary>The memory that is used beyond what each server has for itself, in bytes.</summary>
    public long UsedMemory => Volatile.Read(ref _memory);

    /// <summary>The number of groups with a server.</summary>
    public int Groups
    {
        get
        {
            lock (_lock)
            {
                return _groups.Count;
            }
        }
    }

    /// <summary>Opens the share of one more server.</summary>
    /// <param name="group">Who is charged for it, together with its other servers.</param>
    public ReadShare Open(string group)
    {
        lock (_lock)
        {
            var shared = _groups.GetValueOrDefault(group) ?? new Group(group);
            _groups[group] = shared;
            shared.Servers++;
            return new ReadShare(this, shared);
        }
    }

    internal void Close(Group group)
    {
        lock (_lock)
        {
            group.Servers--;
            if (group.Servers == 0)
            {
                _groups.Remove(group.Name);
            }
        }
    }

    /// <summary>Changes how much memory a server uses; returns the limit that is exceeded thereby, or null.</summary>
    internal TooLongException? Resize(Group group, long before, long after)
    {
        var more = Math.Max(0, after - options.OwnMemory) - Math.Max(0, before - options.OwnMemory);
        lock (_lock)
        {
            group.Memory += more;
            _memory += more;
            return more <= 0 ? null
                : group.Memory > options.GroupMemory
                ? Exceeded(nameof(options.GroupMemory), $"answers of the servers of {group.Name} take", group.Memory, options.GroupMemory, "bytes of memory")
                : _memory > options.SharedMemory
                ? Exceeded(nameof(options.SharedMemory), "answers of all servers take", _memory, options.SharedMemory, "bytes of memory")
                : null;
        }
    }

    /// <summary>Charges what a server has sent; returns the limit that is exceeded thereby, or null.</summary>
    internal TooLongException? Charge(Group group, ref (long Minute, long Bytes) sent, long bytes)
    {
        lock (_lock)
        {
            if (time.GetElapsedTime(_started) >= Period)
            {
                _minute++;
                _started = time.GetTimestamp();
                _traffic = 0;
            }

            sent = (_minute, bytes + (sent.Minute == _minute ? sent.Bytes : 0));
            group.Traffic = (_minute, (group.Traffic.Minute == _minute ? group.Traffic.Bytes : 0) + (sent.Bytes > options.OwnTraffic ? bytes : 0));
            _traffic += sent.Bytes > options.OwnTraffic ? bytes : 0;
            var wait = Period - time.GetElapsedTime(_started);
            return sent.Bytes <= options.OwnTraffic ? null
                : group.Traffic.Bytes > options.GroupTraffic
                ? Exceeded(nameof(options.GroupTraffic), $"the servers of {group.Name} send", group.Traffic.Bytes, options.GroupTraffic, "bytes per minute", wait)
                : _traffic > options.SharedTraffic
                ? Exceeded(nameof(options.SharedTraffic), "all servers send", _traffic, options.SharedTraffic, "bytes per minute", wait)
                : null;
        }
    }

    private TooLongException Exceeded(string limit, string what, long actual, long allowed, string unit, TimeSpan? retryAfter = null)
    {
        var excess = new LimitExcess(limit, what, actual, allowed, unit) { IsSetting = options.FlagPrefix is not null, FlagPrefix = options.FlagPrefix };
        return new TooLongException(excess) { RetryAfter = retryAfter };
    }

    /// <summary>Who is charged.</summary>
    internal sealed class Group(string name)
    {
        public string Name => name;

        public int Servers { get; set; }

        public long Memory { get; set; }

        public (long Minute, long Bytes) Traffic { get; set; }
    }
}
