using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>
/// What an informer knows of the objects of its kind: those that it keeps, those that cannot be read, and those beyond the number per
/// namespace, or its share of all. Written by the informer only, except for <see cref="Store.RecordWrite"/>.
/// </summary>
/// <param name="kind">The kind.</param>
/// <param name="limits">How much is kept.</param>
/// <param name="check">Checks the limits of the number of objects and their size.</param>
/// <param name="notify">Called with each change after it has been made.</param>
/// <param name="onUnreadable">Called with each object that cannot be read and was not known to be so.</param>
/// <param name="onSurplus">Called with each namespace that begins to have more objects than are kept.</param>
internal sealed class KeptObjects(
    ResourceKind kind,
    InformerLimits limits,
    Action<int, long> check,
    Action<InformerChange> notify,
    Action<UnreadableObject> onUnreadable,
    Action<string> onSurplus)
{
    // Where fewer are kept, a list finds others before the objects that matter are used up.
    private const int Spare = InformerLimits.SparePerNamespace / 2;

    private volatile SurplusObjects _surplus = new(limits.Objects);
    private bool _hadRoom;

    /// <summary>The objects that are kept.</summary>
    public Store Store { get; } = new(limits);

    /// <summary>The objects that cannot be read.</summary>
    public UnreadableObjects Unreadable { get; } = new(limits.Objects);

    /// <summary>The objects that are not kept.</summary>
    public SurplusObjects Surplus => _surplus;

    /// <summary>About how much memory they take, in bytes.</summary>
    public long Bytes => Store.Bytes + Unreadable.Bytes;

    /// <summary>Whether a namespace keeps so few objects that others which exist should be kept.</summary>
    public bool HasRoom => _surplus.AnyReadable(HasRoomIn);

    /// <summary>
    /// Whether others should be kept after an event of a namespace. There may be many other namespaces: they are checked only when all together
    /// begin to have room.
    /// </summary>
    public bool MadeRoom(string ns)
    {
        var hadRoom = _hadRoom;
        _hadRoom = Store.HasRoom;
        return (_surplus.ReadableIn(ns) > 0 && HasRoomIn(ns)) || (_hadRoom && !hadRoom && HasRoom);
    }

    /// <summary>Replaces everything.</summary>
    public void Replace(Listing listing)
    {
        var kept = listing.Unreadable.Select(item => item.Key).ToHashSet();
        Unreadable.Keep(kept);
        var before = _surplus;
        _surplus = listing.Surplus ?? new SurplusObjects(limits.Objects);
        Replace(listing.Objects, listing.Position.ResourceVersion, kept);
        foreach (var unreadable in listing.Unreadable)
        {
            Mark(unreadable);
        }

        foreach (var (ns, _) in _surplus.All.Where(each => before.In(each.Namespace) == 0))
        {
            onSurplus(ns);
        }

        // Their earlier states are kept beside what is listed.
        foreach (var ns in kept.Select(key => key.Namespace).Distinct(StringComparer.Ordinal))
        {
            DropSurplus(ns);
        }
    }

    /// <summary>Drops everything, except for objects that were written after a version.</summary>
    public void Clear(string resourceVersion)
    {
        Unreadable.Keep(new HashSet<ObjectKey>());
        _surplus = new SurplusObjects(limits.Objects);
        Replace([], resourceVersion, []);
    }

    /// <summary>Processes an event of a watch.</summary>
    /// <exception cref="KubernetesApiException">A limit is exceeded.</exception>
    public void Process(WatchEvent change)
    {
        var subject = change.Subject;
        switch (change.Type)
        {
            case WatchEventType.Bookmark:
                Store.AdvanceTo(subject.ResourceVersion);
                break;
            case WatchEventType.Deleted:
                Remove(change);
                break;
            case var type when !MayKeep(change):
                Store.AdvanceTo(subject.ResourceVersion);
                AddSurplus(
                    subject.Key,
                    isNew: type == WatchEventType.Added || Unreadable.Find(subject.Key) is not null,
                    isUnreadable: change.Unreadable is not null);
                if (Unreadable.Remove(subject.Key))
                {
                    notify(new InformerChange(kind, subject.Key, null, null));
                }

                break;
            case var type:
                CheckLimits(change);
                RemoveSurplus(subject.Key, isNew: type == WatchEventType.Added);
                Keep(change);
                break;
        }
    }

    private void Keep(WatchEvent change)
    {
        var subject = change.Subject;
        if (change.Unreadable is { } unreadable)
        {
            Store.AdvanceTo(subject.ResourceVersion);
            Mark(unreadable, change.Bytes);
            return;
        }

        Unreadable.Remove(subject.Key);
        if (Store.Put(subject, out var before))
        {
            notify(new InformerChange(kind, subject.Key, before, subject, change.Bytes));
        }

        DropSurplus(subject.Namespace);
    }

    private void DropSurplus(string ns)
    {
        while (Store.NextSurplus(ns) is { } last)
        {
            Store.Drop(last);
            if (Unreadable.Find(last.Key) is null)
            {
                AddSurplus(last.Key, isNew: true);
            }

            notify(new InformerChange(kind, last.Key, last, null));
        }
    }

    private void Remove(WatchEvent change)
    {
        var subject = change.Subject;
        RemoveSurplus(subject.Key, isNew: false, mayBeUnreadable: change.Unreadable is not null);
        Unreadable.Remove(subject.Key);
        if (Store.Remove(subject, out var last))
        {
            notify(new InformerChange(kind, subject.Key, last ?? subject, null, change.Bytes));
        }
    }

    // Whether the object is among those of its namespace that are kept. If there are others, none that comes later goes before them.
    private bool MayKeep(WatchEvent change)
    {
        var subject = change.Subject;
        if (limits.ObjectsPerNamespace is null || Store.Get(subject.Key) is not null)
        {
            return true;
        }

        if (change.Unreadable is not null)
        {
            return Unreadable.Find(subject.Key) is not null
                || (Unreadable.CountIn(subject.Namespace) < InformerLimits.UnreadablePerNamespace && Unreadable.Count < limits.Unreadable);
        }

        return (_surplus.ReadableIn(subject.Namespace) == 0 && Store.Admits(subject))
            || (Store.LastIn(subject.Namespace) is { } last ? KeepRank.Of(subject).CompareTo(KeepRank.Of(last)) < 0 : subject.IsBeingDeleted);
    }

    private bool HasRoomIn(string ns) =>
        Store.CountIn(ns) <= limits.ObjectsPerNamespace - Spare && (Store.HasRoom || Store.IsFarBelowLargest(ns));

    private void AddSurplus(ObjectKey key, bool isNew, bool isUnreadable = false)
    {
        if (_surplus.Add(key, isNew, isUnreadable))
        {
            onSurplus(key.Namespace);
        }
    }

    // An object that is known may be among them by name, since it was written after the list, and is none of those that are only counted.
    // Nor is one that has not existed before.
    private void RemoveSurplus(ObjectKey key, bool isNew, bool mayBeUnreadable = true) =>
        _surplus.Remove(key, isCounted: !isNew && Store.Get(key) is null && Unreadable.Find(key) is null, mayBeUnreadable);

    // Where there is a limit per namespace, others are dropped instead.
    private void CheckLimits(WatchEvent change)
    {
        if (limits.ObjectsPerNamespace is not null)
        {
            return;
        }

        var key = change.Subject.Key;
        var before = Store.Get(key);
        var added = before is null && Unreadable.Find(key) is null ? 1 : 0;
        var growth = change.Unreadable is null ? change.Subject.Size - (before?.Size ?? 0) : 0;
        if (added > 0 || growth > 0)
        {
            check(Store.Count + Unreadable.Count + added, Store.Bytes + growth);
        }
    }

    private void Mark(UnreadableObject unreadable, int bytes = 0)
    {
        if (Unreadable.Add(unreadable))
        {
            onUnreadable(unreadable);
            var known = Store.Get(unreadable.Key);
            notify(new InformerChange(kind, unreadable.Key, known, known, bytes));
        }
    }

    private void Replace(IReadOnlyList<KubeObject> objects, string resourceVersion, IEnumerable<ObjectKey> kept)
    {
        foreach (var (key, before, after) in Store.Replace(objects, resourceVersion, kept))
        {
            notify(new InformerChange(kind, key, before, after));
        }
    }
}
