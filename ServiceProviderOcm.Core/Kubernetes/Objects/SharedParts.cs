using System.Text.Json;

namespace ServiceProviderOcm.Core.Kubernetes.Objects;

/// <summary>Keeps one instance of equal parts for as long as an object refers to it. Thread-safe.</summary>
public sealed class SharedParts
{
    private const int Tolerated = 32;

    private readonly ResourceKind _kind;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, WeakReference<SharedPart>> _byHash = new(StringComparer.Ordinal);

    /// <summary>Keeps the parts of the objects of one kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="path">Where the part is, as property names from the root; at least two, and not in the metadata.</param>
    public SharedParts(ResourceKind kind, params IReadOnlyList<string> path)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(path.Count, 2);
        ArgumentOutOfRangeException.ThrowIfEqual(path[0], "metadata");
        _kind = kind;
        Path = path;
    }

    /// <summary>Where the part is.</summary>
    public IReadOnlyList<string> Path { get; }

    /// <summary>The shared instance of an object's part; <see cref="SharedPart.None"/> if it has none, or is of another kind.</summary>
    public SharedPart Of(JsonElement raw)
    {
        if (raw.Text("kind") != _kind.Kind
            || raw.Text("apiVersion") != _kind.ApiVersion
            || raw.At([.. Path]) is not { ValueKind: JsonValueKind.Object } value)
        {
            return SharedPart.None;
        }

        var part = SharedPart.Of(Path, value);
        lock (_lock)
        {
            if (_byHash.TryGetValue(part.Hash, out var known) && known.TryGetTarget(out var shared))
            {
                return shared;
            }

            if (_byHash.Count >= Tolerated)
            {
                foreach (var (hash, _) in _byHash.Where(entry => !entry.Value.TryGetTarget(out _)).ToList())
                {
                    _byHash.Remove(hash);
                }
            }

            var kept = part.Detached();
            _byHash[kept.Hash] = new WeakReference<SharedPart>(kept);
            return kept;
        }
    }
}
