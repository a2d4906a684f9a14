namespace ServiceProviderOcm.Core.Kubernetes.ServerSideApply;

/// <summary>
/// The fields of one object that have an owner, found in one pass over all paths: a server may send many paths, and many fields.
/// </summary>
internal sealed class OwnedFields
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly bool _areAll;

    /// <param name="parent">The object.</param>
    /// <param name="owned">The paths of all fields that have an owner.</param>
    public OwnedFields(FieldPath parent, IEnumerable<IReadOnlyList<string>> owned)
    {
        Parent = parent;
        var above = parent.Names;
        foreach (var path in owned.Where(path => IsSameStart(path, above)))
        {
            // The owner of a field owns what is in it, and the owner of something in a field keeps the field.
            if (path.Count <= above.Count)
            {
                _areAll = true;
            }
            else
            {
                _names.Add(path[above.Count]);
            }
        }
    }

    /// <summary>The object.</summary>
    public FieldPath Parent { get; }

    /// <summary>Whether a field of the object has an owner.</summary>
    public bool Contains(string name) => _areAll || _names.Contains(name);

    private static bool IsSameStart(IReadOnlyList<string> path, IReadOnlyList<string> above)
    {
        for (var step = 0; step < path.Count && step < above.Count; step++)
        {
            if (path[step] != above[step])
            {
                return false;
            }
        }

        return true;
    }
}
