using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>What one informer takes of a <see cref="SharedMemory"/>.</summary>
internal sealed class MemoryShare(MemoryAccount account)
{
    private volatile CancellationTokenSource _source = Source();
    private volatile LimitExcess? _excess;

    /// <summary>How much it takes, in bytes; only for the <see cref="SharedMemory"/>.</summary>
    public long Held { get; set; }

    /// <summary>Cancelled when the informer must release what it has.</summary>
    public CancellationToken Evicted => _source.Token;

    /// <summary>Whether the informer must release what it has.</summary>
    public bool IsEvicted => _excess is not null;

    /// <summary>The limit because of which it must.</summary>
    public LimitExcess? Excess => _excess;

    /// <summary>The informer takes this much now, because of others: if that is too much, it notices by <see cref="Evicted"/>.</summary>
    public void Charge(long bytes) => account.Hold(this, bytes);

    /// <summary>The informer takes this much now.</summary>
    /// <exception cref="OperationCanceledException">It must release what it has.</exception>
    public void Hold(long bytes)
    {
        Charge(bytes);
        if (IsEvicted)
        {
            throw new OperationCanceledException(Evicted);
        }
    }

    /// <summary>The informer has released what it had, and may take some again.</summary>
    public void Readmit()
    {
        // In this order: an eviction between the two is noticed at the next hold.
        _excess = null;
        _source = Source();
    }

    /// <summary>The informer has ended.</summary>
    public void Remove() => account.Remove(this);

    /// <summary>Makes the informer release what it has. Runs no callbacks: it is called within the lock of the memory.</summary>
    public void Evict(LimitExcess excess)
    {
        _excess = excess;
        _ = _source.CancelAsync();
    }

    // Without a timer, a source holds nothing that must be disposed.
    private static CancellationTokenSource Source() => new();
}
