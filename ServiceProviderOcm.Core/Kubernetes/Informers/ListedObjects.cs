using System.Runtime.InteropServices;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>The objects of a list that is being read, within the limits of what is kept.</summary>
/// <param name="known">The store: objects that have not changed are taken from there, so that none is in memory twice.</param>
/// <param name="limits">How much is kept.</param>
/// <param name="share">The share of memory.</param>
/// <param name="check">Checks the limits of the number of objects and their size.</param>
internal sealed class ListedObjects(Store? known, InformerLimits limits, MemoryShare? share, Action<int, long> check)
{
    private readonly Dictionary<ObjectKey, KubeObject> _objects = [];
    private readonly Dictionary<ObjectKey, UnreadableObject> _unreadable = [];
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _unreadableCounts = new(StringComparer.Ordinal);
    private SurplusObjects _surplus = new(limits.Objects);
    private int _repeated;
    private long _size;
    private long _added;

    /// <summary>Starts again.</summary>
    public void Clear()
    {
        _objects.Clear();
        _unreadable.Clear();
        _counts.Clear();
        _unreadableCounts.Clear();
        _surplus = new SurplusObjects(limits.Objects);
        (_repeated, _size, _added) = (0, 0, 0);
    }

    /// <summary>Adds an object. One that has been added already counts once more: a list without end may have the same again and again.</summary>
    public void Add(KubeObject item)
    {
        var key = item.Key;
        Begin(key);
        var same = known?.Get(key);
        var isKnown = same is not null && same.ResourceVersion == item.ResourceVersion && same.Uid == item.Uid;
        var kept = isKnown ? same! : item;
        _objects[key] = kept;
        _size += kept.Size;
        _added += isKnown ? 0 : kept.Size;

        // Sorting is worth while for as many again.
        if (limits.ObjectsPerNamespace is { } max && Count(_counts, key, 1) >= 2L * max)
        {
            Trim(key.Namespace, max);
        }
    }

    /// <summary>Adds an object that cannot be read.</summary>
    public void Add(UnreadableObject item)
    {
        Begin(item.Key);
        if (limits.ObjectsPerNamespace is not null && Count(_unreadableCounts, item.Key, 1) > InformerLimits.UnreadablePerNamespace)
        {
            Count(_unreadableCounts, item.Key, -1);
            _surplus.Add(item.Key, isNew: true, isUnreadable: true);
            return;
        }

        _unreadable[item.Key] = item;
    }

    /// <summary>Removes an object that is gone.</summary>
    public void Remove(ObjectKey key) => Remove(key, isCounted: !_objects.ContainsKey(key) && !_unreadable.ContainsKey(key));

    /// <summary>Checks the limits.</summary>
    /// <exception cref="KubernetesApiException">A limit is exceeded.</exception>
    /// <exception cref="OperationCanceledException">The informer must release what it has.</exception>
    public void Check()
    {
        if (Total > limits.Objects || _size > limits.StoreBytes)
        {
            TrimAll();
        }

        share?.Hold((known?.Bytes ?? 0) + _added + (_unreadable.Count * (long)UnreadableObject.Size));
        check(Total, _size);
    }

    /// <summary>The list is complete.</summary>
    public Listing Complete(WatchPosition position)
    {
        TrimAll();
        return new Listing([.. _objects.Values], [.. _unreadable.Values], position) { Surplus = _surplus };
    }

    private int Total => _objects.Count + _unreadable.Count + _repeated;

    private void Begin(ObjectKey key)
    {
        _repeated += _objects.ContainsKey(key) || _unreadable.ContainsKey(key) ? 1 : 0;
        Remove(key, isCounted: false);
    }

    private void Remove(ObjectKey key, bool isCounted)
    {
        _surplus.Remove(key, isCounted);
        if (_unreadable.Remove(key))
        {
            Count(_unreadableCounts, key, -1);
        }

        if (_objects.Remove(key, out var before))
        {
            Count(_counts, key, -1);
            _size -= before.Size;
            _added -= ReferenceEquals(before, known?.Get(key)) ? 0 : before.Size;
        }
    }

    private void TrimAll()
    {
        if (limits.ObjectsPerNamespace is { } max)
        {
            foreach (var (ns, _) in _counts.Where(entry => entry.Value > max).ToList())
            {
                Trim(ns, max);
            }
        }
    }

    private void Trim(string ns, int max)
    {
        var surplus = _objects.Where(entry => entry.Key.Namespace == ns).OrderBy(entry => KeepRank.Of(entry.Value)).Skip(max).ToList();
        foreach (var (key, _) in surplus)
        {
            Remove(key, isCounted: false);
            _surplus.Add(key, isNew: true);
        }
    }

    private int Count(Dictionary<string, int> counts, ObjectKey key, int change)
    {
        if (limits.ObjectsPerNamespace is null)
        {
            return 0;
        }

        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, key.Namespace, out _);
        return count += change;
    }
}
