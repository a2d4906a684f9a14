using System.Collections.Concurrent;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>The objects of an informer that cannot be read now. Thread-safe for readers; written by the informer only.</summary>
internal sealed class UnreadableObjects(int capacity)
{
    private const int MostLogged = 10;

    private static readonly TimeSpan LogPeriod = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<ObjectKey, UnreadableObject> _byKey = new();
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private TimeSpan _logPeriod;
    private int _logged;

    /// <summary>The number of objects.</summary>
    public int Count => _byKey.Count;

    /// <summary>About how much memory they take, in bytes.</summary>
    public long Bytes => _byKey.IsEmpty ? 0 : (long)Count * UnreadableObject.Size;

    /// <summary>All of them.</summary>
    public IEnumerable<UnreadableObject> All => _byKey.IsEmpty ? [] : _byKey.Values;

    /// <summary>The object of this key; null if it can be read.</summary>
    public UnreadableObject? Find(ObjectKey key) => _byKey.GetValueOrDefault(key);

    /// <summary>The number of objects of one namespace; only for the informer.</summary>
    public int CountIn(string ns) => _counts.GetValueOrDefault(ns);

    /// <summary>
    /// Adds an object; returns whether that is news. Those without a name, which no API server stores, count as one, which is gone with the
    /// next list.
    /// </summary>
    public bool Add(UnreadableObject unreadable)
    {
        var known = Find(unreadable.Key);
        if (known is not null || _byKey.Count < capacity)
        {
            _byKey[unreadable.Key] = unreadable;
            _counts[unreadable.Key.Namespace] = CountIn(unreadable.Key.Namespace) + (known is null ? 1 : 0);
        }

        return known is null || (known.Uid, known.Generation, known.Error) != (unreadable.Uid, unreadable.Generation, unreadable.Error);
    }

    /// <summary>Whether another object may be logged: a server causes as many as it likes.</summary>
    public bool MayLog(TimeSpan now)
    {
        if (now - _logPeriod >= LogPeriod || _logged == 0)
        {
            (_logPeriod, _logged) = (now, 0);
        }

        return _logged++ < MostLogged;
    }

    /// <summary>The object is readable or gone.</summary>
    public bool Remove(ObjectKey key)
    {
        if (!_byKey.TryRemove(key, out _))
        {
            return false;
        }

        if (--_counts[key.Namespace] == 0)
        {
            _counts.Remove(key.Namespace);
        }

        return true;
    }

    /// <summary>Removes all but these.</summary>
    public void Keep(IReadOnlySet<ObjectKey> keys)
    {
        foreach (var key in _byKey.Keys.Where(key => !keys.Contains(key)))
        {
            Remove(key);
        }
    }
}
