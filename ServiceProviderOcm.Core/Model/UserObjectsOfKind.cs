namespace ServiceProviderOcm.Core.Model;

/// <summary>The users' objects of one kind on a control plane.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Count">Their number.</param>
/// <param name="Names">The first of their names, in order: <c>namespace/name</c>, or the name if they have no namespace.</param>
public sealed record UserObjectsOfKind(string Kind, int Count, IReadOnlyList<string> Names)
{
    /// <summary>The maximum number of names.</summary>
    public const int MaxNames = 3;

    /// <summary>Counts objects, and keeps the first names.</summary>
    public static UserObjectsOfKind Of(string kind, IReadOnlyCollection<string> names) =>
        new(kind, names.Count, [.. names.Order(StringComparer.Ordinal).Take(MaxNames)]);
}
