using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.WorkQueue;

/// <summary>
/// Items that wait for their time; at most one per key, of several the one that is due first. Not thread-safe.
/// </summary>
/// <param name="merge">Merges the reasons of two items of a key.</param>
internal sealed class DelayedItems<TReasons>(Func<TReasons, TReasons, TReasons> merge)
{
    // Superseded entries stay in the heap until they are due, which may be never for long delays.
    private const int ToleratedSuperseded = 1000;

    private readonly Dictionary<ObjectKey, Item> _items = [];
    private readonly PriorityQueue<ObjectKey, TimeSpan> _heap = new();

    /// <summary>The number of keys.</summary>
    public int Count => _items.Count;

    /// <summary>Adds an item.</summary>
    /// <param name="key">The key.</param>
    /// <param name="reasons">Why.</param>
    /// <param name="due">When; 0 is the start of the queue.</param>
    /// <param name="isLasting">
    /// Whether the reasons hold whenever the key is processed, such as a failure. Those that hold only when the item is due, such as the
    /// end of an interval, are dropped if the item is superseded.
    /// </param>
    public void Add(ObjectKey key, TReasons reasons, TimeSpan due, bool isLasting)
    {
        IReadOnlyList<TReasons> lasting = isLasting ? [reasons] : [];
        if (_items.TryGetValue(key, out var known))
        {
            lasting = Merge([.. known.Lasting, .. lasting]);
            if (known.Due <= due)
            {
                var merged = known.Due == due || isLasting ? merge(known.Reasons, reasons) : known.Reasons;
                _items[key] = new Item(known.Due, merged, lasting);
                return;
            }

            reasons = known.Lasting is [var earlier] ? merge(earlier, reasons) : reasons;
        }

        _items[key] = new Item(due, reasons, lasting);
        _heap.Enqueue(key, due);
        if (_heap.Count > (2 * _items.Count) + ToleratedSuperseded)
        {
            _heap.Clear();
            _heap.EnqueueRange(_items.Select(item => (item.Key, item.Value.Due)));
        }
    }

    /// <summary>Removes a key; returns the reasons that hold all the same, merged into these.</summary>
    public TReasons Supersede(ObjectKey key, TReasons reasons) =>
        _items.Remove(key, out var item) && item.Lasting is [var lasting] ? merge(lasting, reasons) : reasons;

    public void Remove(ObjectKey key)
    {
        _items.Remove(key);
        if (_items.Count == 0)
        {
            _heap.Clear();
        }
    }

    public void Clear()
    {
        _items.Clear();
        _heap.Clear();
    }

    /// <summary>When to call <see cref="TakeDue"/> next; false if nothing waits.</summary>
    public bool TryGetNextDue(out TimeSpan due) => _heap.TryPeek(out _, out due);

    /// <summary>Removes and returns the items that are due.</summary>
    public IReadOnlyList<QueueItem<TReasons>> TakeDue(TimeSpan now)
    {
        List<QueueItem<TReasons>> taken = [];
        while (_heap.TryPeek(out var key, out var due) && due <= now)
        {
            _heap.Dequeue();
            if (_items.TryGetValue(key, out var item) && item.Due == due)
            {
                _items.Remove(key);
                taken.Add(new QueueItem<TReasons>(key, item.Reasons));
            }
        }

        return taken;
    }

    private IReadOnlyList<TReasons> Merge(IReadOnlyList<TReasons> all) => all.Count < 2 ? all : [all.Aggregate(merge)];

    /// <summary>An item.</summary>
    /// <param name="Due">When.</param>
    /// <param name="Reasons">All reasons.</param>
    /// <param name="Lasting">The reasons, merged, that hold even if the item is superseded; empty if there are none.</param>
    private readonly record struct Item(TimeSpan Due, TReasons Reasons, IReadOnlyList<TReasons> Lasting);
}
