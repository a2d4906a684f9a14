namespace ServiceProviderOcm.Core.Kubernetes.Objects;

/// <summary>Keeps one instance of equal values for as long as something refers to it. Thread-safe.</summary>
internal sealed class WeakCache<T>
    where T : class
{
    private const int Tolerated = 32;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, WeakReference<T>> _byKey = new(StringComparer.Ordinal);
    private int _sweepAt = Tolerated;

    /// <summary>The kept instance of a key; null if there is none.</summary>
    public T? Find(string key)
    {
        lock (_lock)
        {
            return FindLocked(key);
        }
    }

    /// <summary>The kept instance of a key; keeps the given one if there is none.</summary>
    public T GetOrAdd(string key, T value)
    {
        lock (_lock)
        {
            if (FindLocked(key) is { } known)
            {
                return known;
            }

            if (_byKey.Count >= _sweepAt)
            {
                foreach (var (dead, _) in _byKey.Where(entry => !entry.Value.TryGetTarget(out _)).ToList())
                {
                    _byKey.Remove(dead);
                }

                _sweepAt = Math.Max(Tolerated, 2 * _byKey.Count);
            }

            _byKey[key] = new WeakReference<T>(value);
            return value;
        }
    }

    private T? FindLocked(string key) => _byKey.TryGetValue(key, out var known) && known.TryGetTarget(out var value) ? value : null;
}
