namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>What one server uses of a <see cref="ReadBudget"/>. Thread-safe.</summary>
public sealed class ReadShare : IDisposable
{
    private readonly ReadBudget _budget;
    private int _connections;

    internal ReadShare(ReadBudget budget, ReadBudget.Group group)
    {
        _budget = budget;
        Group = group;
    }

    /// <summary>Who is charged.</summary>
    internal ReadBudget.Group Group { get; }

    /// <summary>How much memory is used; only for the <see cref="ReadBudget"/>, as all below.</summary>
    internal long Memory { get; set; }

    /// <summary>What takes memory now.</summary>
    internal HashSet<ReadMemory> Memories { get; } = [];

    /// <summary>What the server has sent in which minute.</summary>
    internal (long Minute, long Bytes) Traffic { get; set; }

    /// <inheritdoc/>
    public void Dispose() => _budget.Close(this);

    /// <summary>Opens an account for one thing that takes memory while it is read.</summary>
    internal ReadMemory OpenMemory() => new(_budget, this);

    /// <summary>Counts a connection; returns how many are open.</summary>
    internal int ConnectionOpened() => Interlocked.Increment(ref _connections);

    /// <summary>Counts a connection that has ended.</summary>
    internal void ConnectionClosed() => Interlocked.Decrement(ref _connections);

    /// <summary>Charges what the server has sent.</summary>
    /// <exception cref="TooLongException">The server, or those of its group, or all, have sent too much.</exception>
    internal void Charge(int bytes)
    {
        if (_budget.Charge(this, bytes) is { } exceeded)
        {
            throw exceeded;
        }
    }
}
