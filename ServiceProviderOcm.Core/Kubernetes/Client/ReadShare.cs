namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>What one server uses of a <see cref="ReadBudget"/>. Thread-safe.</summary>
public sealed class ReadShare : IDisposable
{
    private readonly ReadBudget _budget;
    private readonly ReadBudget.Group _group;
    private readonly Lock _lock = new();
    private long _memory;
    private (long Minute, long Bytes) _traffic;
    private bool _isClosed;

    internal ReadShare(ReadBudget budget, ReadBudget.Group group)
    {
        _budget = budget;
        _group = group;
    }

    /// <summary>Opens an account for one thing that takes memory while it is read.</summary>
    internal ReadMemory OpenMemory() => new(this);

    /// <summary>Charges what the server has sent.</summary>
    /// <exception cref="TooLongException">The server, or those of its group, or all, have sent too much.</exception>
    internal void Charge(int bytes)
    {
        lock (_lock)
        {
            if (_budget.Charge(_group, ref _traffic, bytes) is { } exceeded)
            {
                throw exceeded;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            if (!_isClosed)
            {
                _isClosed = true;
                _budget.Resize(_group, _memory, 0);
                _budget.Close(_group);
            }
        }
    }

    /// <summary>Changes how much memory is used; what is returned after the end changes nothing.</summary>
    internal TooLongException? Resize(long more)
    {
        lock (_lock)
        {
            var before = _memory;
            _memory += more;
            return _isClosed ? null : _budget.Resize(_group, before, _memory);
        }
    }
}
