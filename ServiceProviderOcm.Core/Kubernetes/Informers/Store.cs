using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>
/// The objects of one kind, by namespace and name. Reads need no lock. Writes come from the informer, and from callers that have just
/// written an object, so that they read their own writes before the watch delivers them.
/// </summary>
/// <param name="limits">How much is kept; null: no limit.</param>
public sealed class Store(InformerLimits? limits = null)
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, ImmutableDictionary<string, KubeObject>> _namespaces = new(StringComparer.Ordinal);
    private readonly HashSet<ObjectKey> _written = [];

    // Only where there is a limit per namespace.
    private readonly NamespaceShares? _shares = limits?.ObjectsPerNamespace is null ? null : new NamespaceShares(limits);

    // Only of namespaces whose last object was asked for: few are full.
    private readonly Dictionary<string, SortedSet<KeepRank>> _ranks = new(StringComparer.Ordinal);
    private ulong _watchedVersion;
    private long _bytes;
    private int _objects;

    /// <summary>Called after an object that was written has been added.</summary>
    internal Action? OnWrite { get; set; }

    /// <summary>The number of objects.</summary>
    public int Count => Volatile.Read(ref _objects);

    /// <summary>About how much memory the objects take, in bytes.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>All objects, in no order.</summary>
    public IEnumerable<KubeObject> All => _namespaces.Values.SelectMany(objects => objects.Values);

    /// <summary>One object, or null.</summary>
    public KubeObject? Get(ObjectKey key) =>
        _namespaces.TryGetValue(key.Namespace, out var objects) ? objects.GetValueOrDefault(key.Name) : null;

    /// <summary>The objects of one namespace, in no order.</summary>
    public IEnumerable<KubeObject> In(string ns) => _namespaces.TryGetValue(ns, out var objects) ? objects.Values : [];

    /// <summary>The number of objects of one namespace.</summary>
    internal int CountIn(string ns) => _namespaces.GetValueOrDefault(ns)?.Count ?? 0;

    /// <summary>Whether all namespaces together have so little that more objects should be kept.</summary>
    internal bool HasRoom
    {
        get
        {
            lock (_lock)
            {
                return _shares?.HasRoom == true;
            }
        }
    }

    /// <summary>Whether a namespace has less than half of what another has, also with one more object.</summary>
    internal bool IsFarBelowLargest(string ns)
    {
        lock (_lock)
        {
            return _shares?.IsFarBelowLargest(ns) == true;
        }
    }

    /// <summary>Whether a new object is kept: its namespace is not full, and does not have more than its share of all with it.</summary>
    internal bool Admits(KubeObject item)
    {
        lock (_lock)
        {
            return CountIn(item.Namespace) < (limits?.ObjectsPerNamespace ?? int.MaxValue) && _shares?.Admits(item) != false;
        }
    }

    /// <summary>The object that is to be dropped next, after one of a namespace was added; null if all are within the limits.</summary>
    internal KubeObject? NextSurplus(string ns)
    {
        lock (_lock)
        {
            return (CountIn(ns) > limits?.ObjectsPerNamespace ? ns : _shares?.Overfull) is { } full ? LastIn(full) : null;
        }
    }

    /// <summary>The object of a namespace that is kept after all others; null if there is none.</summary>
    internal KubeObject? LastIn(string ns)
    {
        lock (_lock)
        {
            if (!_namespaces.TryGetValue(ns, out var objects))
            {
                return null;
            }

            if (!_ranks.TryGetValue(ns, out var ranks))
            {
                _ranks[ns] = ranks = [.. objects.Values.Select(KeepRank.Of)];
            }

            return objects[ranks.Max.Name];
        }
    }

    /// <summary>
    /// Adds an object that the server has just returned to a write, so that the next reconciliation sees it even before the watch
    /// delivers it. Ignored if the watch has already passed its version, if a limit would be exceeded, which the watch then reports, or if
    /// the object may be one that is not kept. Where there is a limit per namespace, the watch then makes room.
    /// </summary>
    public void RecordWrite(KubeObject written)
    {
        lock (_lock)
        {
            var version = Version(written.ResourceVersion);
            var known = Get(written.Key);
            if (version <= _watchedVersion || (known is not null && Version(known.ResourceVersion) >= version) || !HasRoomFor(known, written))
            {
                return;
            }

            Set(written);
            _written.Add(written.Key);
        }

        OnWrite?.Invoke();
    }

    /// <summary>Removes an object that the server has just deleted on request, before the watch delivers it.</summary>
    public void RecordDelete(KubeObject deleted)
    {
        lock (_lock)
        {
            if (Get(deleted.Key) is { } known && known.Uid == deleted.Uid)
            {
                Unset(deleted.Key);
            }
        }
    }

    /// <summary>A resourceVersion as a number, as API servers compare them; 0 if it is none.</summary>
    internal static ulong Version(string resourceVersion) =>
        ulong.TryParse(resourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;

    /// <summary>Adds an object from the watch, unless the store has a newer one; returns whether that changes the store.</summary>
    internal bool Put(KubeObject watched, out KubeObject? before)
    {
        lock (_lock)
        {
            AdvanceLocked(watched.ResourceVersion);
            before = Get(watched.Key);
            if (before is not null && Version(before.ResourceVersion) > Version(watched.ResourceVersion))
            {
                return false;
            }

            Set(watched);
            _written.Remove(watched.Key);
            return before?.ResourceVersion != watched.ResourceVersion;
        }
    }

    /// <summary>Removes an object that the watch reports as deleted, unless the store has a newer one; returns whether it did.</summary>
    internal bool Remove(KubeObject watched, out KubeObject? before)
    {
        lock (_lock)
        {
            AdvanceLocked(watched.ResourceVersion);
            before = Get(watched.Key);
            if (before is not null && Version(before.ResourceVersion) > Version(watched.ResourceVersion))
            {
                return false;
            }

            Unset(watched.Key);
            return true;
        }
    }

    /// <summary>Drops an object that exists.</summary>
    internal void Drop(KubeObject item)
    {
        lock (_lock)
        {
            Unset(item.Key);
        }
    }

    /// <summary>All changes up to this version have been delivered.</summary>
    internal void AdvanceTo(string resourceVersion)
    {
        lock (_lock)
        {
            AdvanceLocked(resourceVersion);
        }
    }

    /// <summary>Makes the store equal to a list, except for objects written after the list was read; returns the changes.</summary>
    /// <param name="listed">The objects of the list.</param>
    /// <param name="resourceVersion">The version of the list.</param>
    /// <param name="kept">Objects that stay as they are, since the list has them in a form that cannot be read.</param>
    internal IReadOnlyList<(ObjectKey Key, KubeObject? Before, KubeObject? After)> Replace(
        IReadOnlyList<KubeObject> listed, string resourceVersion, IEnumerable<ObjectKey>? kept = null)
    {
        lock (_lock)
        {
            _ranks.Clear();
            var listVersion = Version(resourceVersion);
            List<(ObjectKey, KubeObject?, KubeObject?)> changes = [];
            var present = listed.Select(item => item.Key).Concat(kept ?? []).ToHashSet();
            foreach (var gone in All.Where(item => !present.Contains(item.Key) && !IsNewer(item, listVersion)).ToList())
            {
                Unset(gone.Key);
                changes.Add((gone.Key, gone, null));
            }

            foreach (var item in listed)
            {
                var before = Get(item.Key);
                if (before is not null && IsNewer(before, listVersion))
                {
                    continue;
                }

                Set(item);
                if (before?.ResourceVersion != item.ResourceVersion)
                {
                    changes.Add((item.Key, before, item));
                }
            }

            _watchedVersion = listVersion;
            return changes;
        }
    }

    private bool HasRoomFor(KubeObject? before, KubeObject after) => limits switch
    {
        null => true,
        { ObjectsPerNamespace: not null } => before is not null,
        _ => _objects + (before is null ? 1 : 0) <= limits.Objects && _bytes - (before?.Size ?? 0) + after.Size <= limits.StoreBytes,
    };

    // Only objects from RecordWrite: any other that seems newer than a list is from before the cluster was restored or replaced.
    private bool IsNewer(KubeObject known, ulong listVersion) =>
        _written.Contains(known.Key) && Version(known.ResourceVersion) > listVersion;

    private void AdvanceLocked(string resourceVersion) => _watchedVersion = Math.Max(_watchedVersion, Version(resourceVersion));

    private void Set(KubeObject item)
    {
        var objects = _namespaces.GetValueOrDefault(item.Namespace) ?? ImmutableDictionary<string, KubeObject>.Empty;
        Account(objects.GetValueOrDefault(item.Name), item);
        _namespaces[item.Namespace] = objects.SetItem(item.Name, item);
    }

    private void Unset(ObjectKey key)
    {
        if (!_namespaces.TryGetValue(key.Namespace, out var objects))
        {
            return;
        }

        _written.Remove(key);
        Account(objects.GetValueOrDefault(key.Name), after: null);
        var rest = objects.Remove(key.Name);
        if (rest.IsEmpty)
        {
            _namespaces.TryRemove(key.Namespace, out _);
            _ranks.Remove(key.Namespace);
        }
        else
        {
            _namespaces[key.Namespace] = rest;
        }
    }

    private void Account(KubeObject? before, KubeObject? after)
    {
        _objects += (after is null ? 0 : 1) - (before is null ? 0 : 1);
        _bytes += (after?.Size ?? 0) - (before?.Size ?? 0);
        if (before is not null)
        {
            _shares?.Remove(before);
        }

        if (after is not null)
        {
            _shares?.Add(after);
        }

        if ((before ?? after) is not { } either || !_ranks.TryGetValue(either.Namespace, out var ranks))
        {
            return;
        }

        if (before is not null)
        {
            ranks.Remove(KeepRank.Of(before));
        }

        if (after is not null)
        {
            ranks.Add(KeepRank.Of(after));
        }
    }
}
