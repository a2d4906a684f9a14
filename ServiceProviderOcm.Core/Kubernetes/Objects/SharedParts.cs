using System.Text.Json;

namespace ServiceProviderOcm.Core.Kubernetes.Objects;

/// <summary>Keeps one instance of equal parts for as long as an object refers to it. Thread-safe.</summary>
public sealed class SharedParts
{
    private readonly WeakCache<SharedPart> _known = new();

    /// <summary>Keeps the parts of the objects of one kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="path">Where the part is, as property names from the root; at least two, and not in the metadata.</param>
    public SharedParts(ResourceKind kind, params IReadOnlyList<string> path)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(path.Count, 2);
        ArgumentOutOfRangeException.ThrowIfEqual(path[0], "metadata");
        Kind = kind;
        Path = path;
    }

    /// <summary>The kind.</summary>
    public ResourceKind Kind { get; }

    /// <summary>Where the part is.</summary>
    public IReadOnlyList<string> Path { get; }

    /// <summary>The shared instance of a part, which is an object; the element need not outlive the call.</summary>
    public SharedPart Of(JsonElement value)
    {
        var part = SharedPart.Of(Path, value);
        return _known.Find(part.Hash) ?? _known.GetOrAdd(part.Hash, part.Detached());
    }
}
