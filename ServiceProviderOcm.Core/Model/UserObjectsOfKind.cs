using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model;

/// <summary>The users' objects of one kind on a control plane.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Count">Their number.</param>
/// <param name="Names">The first of their names, in order: <c>namespace/name</c>, or the name if they have no namespace.</param>
public sealed record UserObjectsOfKind(string Kind, int Count, IReadOnlyList<string> Names)
{
    /// <summary>The maximum number of names.</summary>
    public const int MaxNames = 3;

    private static readonly Comparer<ObjectKey> Order = Comparer<ObjectKey>.Create((one, other) =>
        string.CompareOrdinal(one.Namespace, other.Namespace) is var order and not 0 ? order : string.CompareOrdinal(one.Name, other.Name));

    /// <summary>Counts objects, and keeps the first names.</summary>
    public static UserObjectsOfKind Of(string kind, IReadOnlyCollection<string> names) =>
        new(kind, names.Count, [.. names.Order(StringComparer.Ordinal).Take(MaxNames)]);

    /// <summary>Counts objects, and makes the first names only: there may be very many.</summary>
    public static UserObjectsOfKind Of(string kind, IEnumerable<ObjectKey> keys)
    {
        var count = 0;
        var first = new SortedSet<ObjectKey>(Order);
        foreach (var key in keys)
        {
            count++;
            if (first.Count < MaxNames || Order.Compare(key, first.Max) < 0)
            {
                first.Add(key);
            }

            if (first.Count > MaxNames)
            {
                first.Remove(first.Max);
            }
        }

        return new(kind, count, [.. first.Select(key => key.Shown)]);
    }
}
