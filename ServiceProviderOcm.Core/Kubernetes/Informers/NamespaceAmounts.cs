namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>An amount per namespace, their sum, and which namespace has the most. Not thread-safe.</summary>
internal sealed class NamespaceAmounts
{
    private readonly Dictionary<string, long> _amounts = new(StringComparer.Ordinal);

    // Only once it was asked for: as long as all fit, none is.
    private SortedSet<Entry>? _order;

    /// <summary>The sum of all.</summary>
    public long Total { get; private set; }

    /// <summary>The namespace that has the most; of two that have the same, the later by name. Null if none has any.</summary>
    public string? Largest => Order.Max.Namespace;

    /// <summary>How much that is.</summary>
    public long Most => Order.Max.Amount;

    private SortedSet<Entry> Order => _order ??= [.. _amounts.Select(each => new Entry(each.Value, each.Key))];

    /// <summary>How much a namespace has.</summary>
    public long Of(string ns) => _amounts.GetValueOrDefault(ns);

    /// <summary>A namespace has more, or less.</summary>
    public void Add(string ns, long change)
    {
        var before = Of(ns);
        var after = before + change;
        Total += change;
        _order?.Remove(new Entry(before, ns));
        if (after == 0)
        {
            _amounts.Remove(ns);
            return;
        }

        _amounts[ns] = after;
        _order?.Add(new Entry(after, ns));
    }

    private readonly record struct Entry(long Amount, string Namespace) : IComparable<Entry>
    {
        public int CompareTo(Entry other) =>
            Amount != other.Amount ? Amount.CompareTo(other.Amount) : string.CompareOrdinal(Namespace, other.Namespace);
    }
}
