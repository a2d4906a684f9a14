using System.Collections.Immutable;
using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>What the informers of one cluster take of a <see cref="SharedMemory"/>.</summary>
public sealed class MemoryAccount : IDisposable
{
    private readonly SharedMemory _memory;
    private ImmutableList<MemoryShare> _shares = [];

    internal MemoryAccount(SharedMemory memory, string group)
    {
        _memory = memory;
        Group = group;
    }

    /// <summary>Who is charged, together with other accounts.</summary>
    internal string Group { get; }

    /// <summary>How much the account holds, in bytes; only for the <see cref="SharedMemory"/>.</summary>
    internal long Held { get; set; }

    /// <inheritdoc/>
    public void Dispose() => _memory.Close(this);

    internal MemoryShare Add()
    {
        var share = new MemoryShare(this);
        ImmutableInterlocked.Update(ref _shares, shares => shares.Add(share));
        return share;
    }

    internal void Remove(MemoryShare share)
    {
        Hold(share, 0);
        ImmutableInterlocked.Update(ref _shares, shares => shares.Remove(share));
    }

    internal void Hold(MemoryShare share, long bytes) => _memory.Hold(this, share, bytes);

    internal void Evict(LimitExcess excess)
    {
        foreach (var share in _shares)
        {
            share.Held = 0;
            share.Evict(excess);
        }
    }
}
