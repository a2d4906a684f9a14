using System.Globalization;
using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>
/// A limit on the memory that the informers of many clusters take together. Beyond it, of the group that holds most, the cluster that holds
/// most is evicted: its informers release what they have, and list again later. Thread-safe.
/// </summary>
/// <param name="totalBytes">The limit.</param>
/// <param name="clusters">What the clusters are called in messages, in the plural.</param>
/// <param name="flagPrefix">The beginning of the limit's flag; null if it is no setting.</param>
public sealed class SharedMemory(long totalBytes, string clusters, string? flagPrefix = null)
{
    private readonly Lock _lock = new();
    private readonly HashSet<MemoryAccount> _accounts = [];
    private long _held;

    /// <summary>The memory that is taken now, in bytes.</summary>
    internal long Held => Volatile.Read(ref _held);

    /// <summary>An account for the informers of one more cluster, until it is disposed.</summary>
    /// <param name="group">Who is charged for it, together with its other clusters.</param>
    public MemoryAccount Open(string group)
    {
        var account = new MemoryAccount(this, group);
        lock (_lock)
        {
            _accounts.Add(account);
        }

        return account;
    }

    /// <summary>Releases what an account holds, and forgets it.</summary>
    internal void Close(MemoryAccount account)
    {
        lock (_lock)
        {
            if (_accounts.Remove(account))
            {
                _held -= account.Held;
            }
        }
    }

    /// <summary>A share of an account takes this much now. Evicts accounts of the largest groups until the rest is within the limit.</summary>
    internal void Hold(MemoryAccount account, MemoryShare share, long bytes)
    {
        lock (_lock)
        {
            if (!_accounts.Contains(account) || share.IsEvicted)
            {
                return;
            }

            _held += bytes - share.Held;
            account.Held += bytes - share.Held;
            share.Held = bytes;
            while (_held > totalBytes)
            {
                // Of two that hold the same, the one that takes more now.
                var group = _accounts.GroupBy(each => each.Group, StringComparer.Ordinal)
                    .MaxBy(each => (each.Sum(one => one.Held), each.Key == account.Group))!;
                var largest = group.MaxBy(each => (each.Held, each == account))!;
                var excess = ExcessOf(group.Key, group.Sum(each => each.Held));
                _held -= largest.Held;
                largest.Held = 0;

                // Within the lock: a share that is released and not evicted yet would be charged again.
                largest.Evict(excess);
            }
        }
    }

    private LimitExcess ExcessOf(string group, long held) => new(
        "TotalBytes",
        string.Create(CultureInfo.InvariantCulture, $"the objects of all {clusters}, of which those of {group} hold the most ({held} bytes), take"),
        _held,
        totalBytes,
        "bytes of memory")
    {
        IsSetting = flagPrefix is not null,
        FlagPrefix = flagPrefix,
    };
}
