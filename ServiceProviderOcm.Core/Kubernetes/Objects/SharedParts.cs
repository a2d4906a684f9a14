using System.Text.Json;

namespace ServiceProviderOcm.Core.Kubernetes.Objects;

/// <summary>Keeps one instance of equal parts for as long as an object refers to it. Thread-safe.</summary>
/// <param name="kind">The kind of objects that have such a part.</param>
/// <param name="path">Where the part is, as property names from the root.</param>
public sealed class SharedParts(ResourceKind kind, params IReadOnlyList<string> path)
{
    private const int Tolerated = 32;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, WeakReference<SharedPart>> _byHash = new(StringComparer.Ordinal);

    /// <summary>Where the part is.</summary>
    public IReadOnlyList<string> Path => path;

    /// <summary>The shared instance of an object's part; <see cref="SharedPart.None"/> if it has none, or is of another kind.</summary>
    public SharedPart Of(JsonElement raw)
    {
        if (raw.Text("kind") != kind.Kind || raw.Text("apiVersion") != kind.ApiVersion || raw.At([.. path]) is not { ValueKind: JsonValueKind.Object } value)
        {
            return SharedPart.None;
        }

        var part = SharedPart.Of(path, value);
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

            var kept = SharedPart.Of(path, value.Clone());
            _byHash[kept.Hash] = new WeakReference<SharedPart>(kept);
            return kept;
        }
    }
}
