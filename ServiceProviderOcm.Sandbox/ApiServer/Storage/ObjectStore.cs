namespace ServiceProviderOcm.Sandbox.ApiServer.Storage;

/// <summary>
/// The objects of one server, with a history of limited length. Thread-safe.
/// </summary>
/// <param name="historyLimit">The number of changes in the history.</param>
/// <param name="start">The objects to start with.</param>
internal sealed class ObjectStore(int historyLimit, StoreState start)
{
    private readonly Lock _lock = new();
    private readonly List<StoreChange> _history = [];
    private readonly HashSet<StoreFeed> _watchers = [];
    private StoreState _oldest = start;

    /// <summary>The present state.</summary>
    public StoreState State { get; private set; } = start;

    /// <summary>Makes changes: all of them or, if an exception is thrown, none.</summary>
    public T Change<T>(Func<Transaction, T> change)
    {
        lock (_lock)
        {
            var transaction = new Transaction(State);
            var result = change(transaction);
            Keep(transaction);
            return result;
        }
    }

    /// <summary>The state at a resource version; null if it is not in the history.</summary>
    public StoreState? At(long version)
    {
        lock (_lock)
        {
            if (version < _oldest.Version || version > State.Version)
            {
                return null;
            }

            return _history.LastOrDefault(change => change.Version <= version)?.State ?? _oldest;
        }
    }

    /// <summary>Watches all changes after a resource version; null if it is older than the history.</summary>
    public StoreFeed? Watch(long version)
    {
        lock (_lock)
        {
            if (version < _oldest.Version)
            {
                return null;
            }

            var feed = new StoreFeed(Leave);
            foreach (var change in _history.Where(change => change.Version > version))
            {
                feed.Add(change);
            }

            _watchers.Add(feed);
            return feed;
        }
    }

    /// <summary>Whether there are changes that a watch has not sent.</summary>
    public bool HasUnsent
    {
        get
        {
            lock (_lock)
            {
                return _watchers.Any(watcher => watcher.HasUnsent);
            }
        }
    }

    /// <summary>The oldest resource version in the history.</summary>
    public long OldestVersion
    {
        get
        {
            lock (_lock)
            {
                return _oldest.Version;
            }
        }
    }

    /// <summary>Drops the history, as compaction or a restart does.</summary>
    public void Compact()
    {
        lock (_lock)
        {
            _oldest = State;
            _history.Clear();
        }
    }

    private void Keep(Transaction transaction)
    {
        State = transaction.State;
        foreach (var change in transaction.Changes)
        {
            _history.Add(change);
            foreach (var watcher in _watchers)
            {
                watcher.Add(change);
            }
        }

        // In blocks, so that the list is not moved at every change.
        if (_history.Count > historyLimit * 2)
        {
            var dropped = _history.Count - historyLimit;
            _oldest = _history[dropped - 1].State;
            _history.RemoveRange(0, dropped);
        }
    }

    private void Leave(StoreFeed feed)
    {
        lock (_lock)
        {
            _watchers.Remove(feed);
        }
    }
}
