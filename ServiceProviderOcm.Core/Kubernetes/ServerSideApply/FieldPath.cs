namespace ServiceProviderOcm.Core.Kubernetes.ServerSideApply;

/// <summary>The path of a field as property names from the root. Steps are shared with the paths of its parents.</summary>
/// <param name="Parent">The path of the object that has the field; null for a field of the root.</param>
/// <param name="Name">The field's name.</param>
internal sealed record FieldPath(FieldPath? Parent, string Name)
{
    /// <summary>The number of names.</summary>
    public int Depth { get; } = Parent is null ? 1 : Parent.Depth + 1;

    /// <summary>The names, from the root.</summary>
    public IReadOnlyList<string> Names => Take(Depth);

    /// <summary>The first names, from the root.</summary>
    /// <param name="count">How many; at most <see cref="Depth"/>.</param>
    public IReadOnlyList<string> Take(int count)
    {
        var names = new string[count];
        for (var path = this; path is not null; path = path.Parent)
        {
            if (path.Depth <= count)
            {
                names[path.Depth - 1] = path.Name;
            }
        }

        return names;
    }

    /// <summary>Whether this is the path of these names.</summary>
    public bool Is(IReadOnlyList<string> names)
    {
        if (names.Count != Depth)
        {
            return false;
        }

        for (var path = this; path is not null; path = path.Parent)
        {
            if (names[path.Depth - 1] != path.Name)
            {
                return false;
            }
        }

        return true;
    }
}
