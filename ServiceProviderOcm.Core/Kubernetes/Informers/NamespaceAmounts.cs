namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>An amount per namespace, their sum, and which namespace has the most. Not thread-safe.</summary>
internal sealed class NamespaceAmounts
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    // Only once it was asked for: as long as all fit, none is.
    private SortedSet<Entry>? _order;

    /// <summary>The sum of all.</summary>
    public long Total { get; private set; }

    /// <summary>
    /// The namespace that has the most; of those that have the same, one with objects that are not being deleted, then the last by name. Null
    /// if none has any.
    /// </summary>
    public string? Largest => Order.Max.Namespace;

    /// <summary>How much that is.</summary>
    public long Most => Order.Max.Amount;

    private SortedSet<Entry> Order => _order ??= [.. _entries.Values];

    /// <summary>How much a namespace has.</summary>
    public long Of(string ns) => _entries.GetValueOrDefault(ns).Amount;

    /// <summary>A namespace has more, or less.</summary>
    /// <param name="ns">The namespace.</param>
    /// <param name="change">How much.</param>
    /// <param name="notDeleted">How many objects that are not being deleted.</param>
    public void Add(string ns, long change, int notDeleted)
    {
        var before = _entries.GetValueOrDefault(ns, new Entry(0, 0, ns));
        var after = before with { Amount = before.Amount + change, NotDeleted = before.NotDeleted + notDeleted };
        Total += change;
        _order?.Remove(before);
        if (after is { Amount: 0, NotDeleted: 0 })
        {
            _entries.Remove(ns);
            return;
        }

        _entries[ns] = after;
        _order?.Add(after);
    }

    private readonly record struct Entry(long Amount, int NotDeleted, string Namespace) : IComparable<Entry>
    {
        public int CompareTo(Entry other)
        {
            var amount = Amount.CompareTo(other.Amount);
            var droppable = amount != 0 ? amount : (NotDeleted > 0).CompareTo(other.NotDeleted > 0);
            return droppable != 0 ? droppable : string.CompareOrdinal(Namespace, other.Namespace);
        }
    }
}
