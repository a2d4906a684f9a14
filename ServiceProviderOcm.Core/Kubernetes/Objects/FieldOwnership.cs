namespace ServiceProviderOcm.Core.Kubernetes.Objects;

/// <summary>
/// Who manages which fields of an object's desired state, as <c>managedFields</c> records it. Fields that the server filled in with
/// defaults have no manager and are not listed. Field paths are property names from the root.
/// </summary>
/// <param name="Applied">Fields that the provider's field manager has applied.</param>
/// <param name="Foreign">Fields of other field managers. A field can have several managers.</param>
public sealed record FieldOwnership(IReadOnlyList<IReadOnlyList<string>> Applied, IReadOnlyList<IReadOnlyList<string>> Foreign)
{
    /// <summary>Nothing known.</summary>
    public static readonly FieldOwnership None = new([], []);

    /// <summary>
    /// Whether the provider's field manager has written the object, be it by server-side apply or, as the Go provider of that name does, by
    /// updates.
    /// </summary>
    public bool IsWrittenByProvider { get; init; }

    /// <summary>Whether the provider's field manager has written the object by updates, as the Go provider does.</summary>
    public bool IsUpdatedByProvider { get; init; }

    /// <summary>Whether the last write of the provider's field manager was an update, by the times of its entries.</summary>
    public bool IsUpdatedLast { get; init; }

    /// <summary>Whether another field manager has written the object, too.</summary>
    public bool HasOtherManager { get; init; }

    /// <summary>About how much memory it takes, in bytes.</summary>
    internal int Size => SizeOf(Applied) + SizeOf(Foreign);

    // Names that a path shares with the one before are the same text.
    private static int SizeOf(IReadOnlyList<IReadOnlyList<string>> paths)
    {
        var size = 0;
        IReadOnlyList<string> before = [];
        foreach (var path in paths)
        {
            size += 64 + (16 * path.Count);
            for (var step = 0; step < path.Count; step++)
            {
                size += step < before.Count && ReferenceEquals(before[step], path[step]) ? 0 : 2 * path[step].Length;
            }

            before = path;
        }

        return size;
    }
}
