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
    }

    /// <summary>Adds an object that cannot be read.</summary>
    public void Add(UnreadableObject item)
    {
        Begin(item.Key);
        ref var count = ref UnreadableIn(item.Key.Namespace);
        if (limits.ObjectsPerNamespace is not null
            && (_unreadable.Count >= limits.Unreadable || count >= InformerLimits.UnreadablePerNamespace))
        {
            _surplus.Add(item.Key, isNew: true, isUnreadable: true);
            return;
        }

        count++;
        _unreadable[item.Key] = item;
    }

    /// <summary>Removes an object that is gone.</summary>
    public void Remove(ObjectKey key) => Remove(key, isCounted: !_objects.ContainsKey(key) && !_unreadable.ContainsKey(key));

    /// <summary>Checks the limits.</summary>
    /// <exception cref="KubernetesApiException">A limit is exceeded.</exception>
    /// <exception cref="OperationCanceledException">The informer must release what it has.</exception>
    public void Check()
    {
        if (IsFarBeyond(_objects.Count, limits.Objects) || IsFarBeyond(_size, limits.StoreBytes))
        {
            Trim();
        }

        share?.Hold((known?.Bytes ?? 0) + _added + (_unreadable.Count * (long)UnreadableObject.Size));
        if (limits.ObjectsPerNamespace is null)
        {
            check(_objects.Count + _unreadable.Count + _repeated, _size);
        }
        else if (_repeated > limits.Objects)
        {
            throw new KubernetesApiException(0, ApiErrors.BrokenOff, "the list has the same objects again and again");
        }
    }

    /// <summary>The list is complete.</summary>
    public Listing Complete(WatchPosition position)
    {
        Trim();
        return new Listing([.. _objects.Values], [.. _unreadable.Values], position) { Surplus = _surplus };
    }

    // Sorting is worth while for that many more.
    private static bool IsFarBeyond(long actual, long limit) => actual - limit > limit / 8;

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
            UnreadableIn(key.Namespace)--;
        }

        if (_objects.Remove(key, out var before))
        {
            _size -= before.Size;
            _added -= ReferenceEquals(before, known?.Get(key)) ? 0 : before.Size;
        }
    }

    private void Trim()
    {
        foreach (var item in FairShare.Surplus(_objects.Values, limits))
        {
            Remove(item.Key, isCounted: false);
            _surplus.Add(item.Key, isNew: true);
        }
    }

    private ref int UnreadableIn(string ns) => ref CollectionsMarshal.GetValueRefOrAddDefault(_unreadableCounts, ns, out _);
}
