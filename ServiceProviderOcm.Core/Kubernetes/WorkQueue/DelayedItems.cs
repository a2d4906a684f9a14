using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.WorkQueue;

/// <summary>
/// Items that wait for their time; at most one per key, of several the one that is due first. Not thread-safe.
/// </summary>
/// <param name="merge">Merges the reasons of two items of a key that are due at the same time.</param>
internal sealed class DelayedItems<TReasons>(Func<TReasons, TReasons, TReasons> merge)
{
    // Superseded entries stay in the heap until they are due, which may be never for long delays.
    private const int ToleratedSuperseded = 1000;

    private readonly Dictionary<ObjectKey, (TimeSpan Due, TReasons Reasons)> _items = [];
    private readonly PriorityQueue<ObjectKey, TimeSpan> _heap = new();

    public void Add(ObjectKey key, TReasons reasons, TimeSpan due)
    {
        if (_items.TryGetValue(key, out var known) && known.Due <= due)
        {
            if (known.Due == due)
            {
                _items[key] = (due, merge(known.Reasons, reasons));
            }

            return;
        }

        _items[key] = (due, reasons);
        _heap.Enqueue(key, due);
        if (_heap.Count > (2 * _items.Count) + ToleratedSuperseded)
        {
            _heap.Clear();
            _heap.EnqueueRange(_items.Select(item => (item.Key, item.Value.Due)));
        }
    }

    public void Remove(ObjectKey key) => _items.Remove(key);

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
}
