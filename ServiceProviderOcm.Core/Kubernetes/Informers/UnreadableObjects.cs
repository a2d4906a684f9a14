using System.Collections.Concurrent;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>The objects of an informer that cannot be read now. Thread-safe for readers; written by the informer only.</summary>
internal sealed class UnreadableObjects(int capacity)
{
    private readonly ConcurrentDictionary<ObjectKey, UnreadableObject> _byKey = new();

    /// <summary>All of them.</summary>
    public IEnumerable<UnreadableObject> All => _byKey.IsEmpty ? [] : _byKey.Values;

    /// <summary>The object of this key; null if it can be read.</summary>
    public UnreadableObject? Find(ObjectKey key) => _byKey.GetValueOrDefault(key);

    /// <summary>Adds an object; returns whether that is news.</summary>
    public bool Add(UnreadableObject unreadable)
    {
        if (unreadable.Key.Name.Length == 0)
        {
            return true;
        }

        var known = Find(unreadable.Key);
        if (known is not null || _byKey.Count < capacity)
        {
            _byKey[unreadable.Key] = unreadable;
        }

        return known is null || (known.Uid, known.Error) != (unreadable.Uid, unreadable.Error);
    }

    /// <summary>The object is readable or gone.</summary>
    public void Remove(ObjectKey key) => _byKey.TryRemove(key, out _);

    /// <summary>Removes all but these.</summary>
    public void Keep(IReadOnlySet<ObjectKey> keys)
    {
        foreach (var key in _byKey.Keys.Where(key => !keys.Contains(key)))
        {
            Remove(key);
        }
    }
}
