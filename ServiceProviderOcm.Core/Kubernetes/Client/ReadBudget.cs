namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>
/// What many servers that strangers administer may use together: memory for what is read from them, and bytes per minute. One server has
/// limits of its own (<see cref="ReadLimits"/>), but there may be any number of servers. Who uses little is not affected by who uses much.
/// Thread-safe.
/// </summary>
/// <param name="options">The limits.</param>
/// <param name="time">Clock.</param>
public sealed class ReadBudget(ReadBudgetOptions options, TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Group> _groups = new(StringComparer.Ordinal);
    private long _memory;
    private long _beyondOwn;
    private long _own;
    private long _traffic;
    private int _senders;
    private long _minute;
    private long _started = time.GetTimestamp();

    /// <summary>The memory that is used beyond what each server, and all of them together, have for themselves, in bytes.</summary>
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
    /// <param name="name">Who is charged for it, together with its other servers.</param>
    public ReadShare Open(string name)
    {
        lock (_lock)
        {
            var group = _groups.GetValueOrDefault(name) ?? new Group(name);
            _groups[name] = group;
            var share = new ReadShare(this, group);
            group.Shares.Add(share);
            return share;
        }
    }

    internal void Close(ReadShare share)
    {
        lock (_lock)
        {
            Release(share);
            share.Group.Shares.Remove(share);
            Drop(share.Group);
        }
    }

    /// <summary>
    /// Changes how much memory something takes; returns the limit that is exceeded thereby, or null. Where all servers take too much, it is
    /// not this one that fails, but in turn the one that takes most of the group that takes most.
    /// </summary>
    internal TooLongException? Resize(ReadMemory memory, long bytes)
    {
        lock (_lock)
        {
            var share = memory.Share;
            if (memory.Evicted is not null || !share.Group.Shares.Contains(share))
            {
                return memory.Evicted;
            }

            var isMore = bytes > memory.Bytes;
            var group = share.Group;
            Take(memory, bytes);
            if (isMore && group.Memory > options.GroupMemory
                && (share.Memory > options.OwnMemory || group.OwnMemory > options.GroupMemory))
            {
                return new TooLongException(Exceeded(
                    nameof(options.GroupMemory),
                    $"answers of the servers of {group.Name} take",
                    group.Memory,
                    options.GroupMemory,
                    "bytes of memory"));
            }

            while (_memory > options.SharedMemory)
            {
                Evict(share);
            }

            return memory.Evicted;
        }
    }

    /// <summary>
    /// Charges what a server has sent; returns the limit that is exceeded thereby, or null. Where all servers send too much, only groups fail
    /// that have sent more than an equal part.
    /// </summary>
    internal TooLongException? Charge(ReadShare share, long bytes)
    {
        lock (_lock)
        {
            if (time.GetElapsedTime(_started) >= Period)
            {
                _minute++;
                _started = time.GetTimestamp();
                (_traffic, _senders) = (0, 0);
                _groups.Values.ToList().ForEach(Drop);
            }

            var group = share.Group;
            var already = BytesOf(share.Traffic);
            share.Traffic = (_minute, already + bytes);
            group.OwnTraffic = (_minute, BytesOf(group.OwnTraffic) + Math.Clamp(options.OwnTraffic - already, 0, bytes));
            if (already + bytes <= options.OwnTraffic && group.OwnTraffic.Bytes <= options.GroupTraffic)
            {
                return null;
            }

            var before = BytesOf(group.Traffic);
            group.Traffic = (_minute, before + bytes);
            _traffic += bytes;
            _senders += before == 0 ? 1 : 0;
            var excess = group.Traffic.Bytes > options.GroupTraffic
                ? Exceeded(
                    nameof(options.GroupTraffic),
                    $"the servers of {group.Name} send",
                    group.Traffic.Bytes,
                    options.GroupTraffic,
                    "bytes per minute")
                : _traffic > options.SharedTraffic && group.Traffic.Bytes > options.SharedTraffic / _senders
                ? Exceeded(
                    nameof(options.SharedTraffic),
                    $"all servers, of which those of {group.Name} send more than an equal part ({group.Traffic.Bytes} bytes), send",
                    _traffic,
                    options.SharedTraffic,
                    "bytes per minute")
                : null;
            return excess is null ? null : new TooLongException(excess) { RetryAfter = Period - time.GetElapsedTime(_started) };
        }
    }

    // What a group has sent counts until the minute is over, also if its servers are gone.
    private void Drop(Group group)
    {
        if (group.Shares.Count == 0 && BytesOf(group.OwnTraffic) + BytesOf(group.Traffic) == 0)
        {
            _groups.Remove(group.Name);
        }
    }

    private long BytesOf((long Minute, long Bytes) traffic) => traffic.Minute == _minute ? traffic.Bytes : 0;

    private long Own(ReadShare share) => Math.Min(share.Memory, options.OwnMemory);

    private long Own(Group group) => Math.Min(group.OwnMemory, options.GroupMemory);

    // What servers have for themselves counts only if all together have too much of it.
    private long Counted(Group group) => _own > options.SharedMemory ? group.AllMemory : group.Memory;

    private void Take(ReadMemory memory, long bytes)
    {
        var share = memory.Share;
        var group = share.Group;
        var (own, ownOfGroup, charged) = (Own(share), Own(group), group.Memory);
        var change = bytes - memory.Bytes;
        share.Memory += change;
        memory.Take(bytes);
        _ = bytes > 0 ? share.Memories.Add(memory) : share.Memories.Remove(memory);
        group.AllMemory += change;
        group.OwnMemory += Own(share) - own;
        group.Memory = group.AllMemory - Own(group);
        _own += Own(group) - ownOfGroup;
        _beyondOwn += group.Memory - charged;
        _memory = _beyondOwn + Math.Max(0, _own - options.SharedMemory);
    }

    private List<ReadMemory> Release(ReadShare share)
    {
        List<ReadMemory> released = [.. share.Memories];
        released.ForEach(memory => Take(memory, 0));
        return released;
    }

    // Of two that take the same, the one that takes more now.
    private void Evict(ReadShare growing)
    {
        var group = _groups.Values.MaxBy(each => (Counted(each), each == growing.Group))!;
        var share = group.Shares.MaxBy(each => (each.Memory, each == growing))!;
        var excess = Exceeded(
            nameof(options.SharedMemory),
            $"answers of all servers, of which those of {group.Name} take the most ({Counted(group)} bytes), take",
            _memory,
            options.SharedMemory,
            "bytes of memory");
        Release(share).ForEach(memory => memory.Evict(excess));
    }

    private LimitExcess Exceeded(string limit, string what, long actual, long allowed, string unit) =>
        new(limit, what, actual, allowed, unit) { IsSetting = options.FlagPrefix is not null, FlagPrefix = options.FlagPrefix };

    /// <summary>Who is charged.</summary>
    internal sealed class Group(string name)
    {
        public string Name => name;

        public HashSet<ReadShare> Shares { get; } = [];

        /// <summary>What its servers take.</summary>
        public long AllMemory { get; set; }

        /// <summary>Of that, what each of them has for itself.</summary>
        public long OwnMemory { get; set; }

        /// <summary>What is charged of all: own memory only beyond the limit of the group.</summary>
        public long Memory { get; set; }

        /// <summary>What its servers have sent in which minute of what each of them may send for itself.</summary>
        public (long Minute, long Bytes) OwnTraffic { get; set; }

        public (long Minute, long Bytes) Traffic { get; set; }
    }
}
