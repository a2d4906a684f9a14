using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>
/// The objects of one kind as last seen, by namespace and name. Reads need no lock; writes come from the informer and from
/// those who have just written an object and know more than the watch has told yet.
/// </summary>
public sealed class Store
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, ImmutableDictionary<string, KubeObject>> _namespaces = new(StringComparer.Ordinal);
    private readonly HashSet<ObjectKey> _remembered = [];
    private ulong _seen;

    /// <summary>All objects, in no order.</summary>
    public IEnumerable<KubeObject> All => _namespaces.Values.SelectMany(objects => objects.Values);

    /// <summary>One object, or null.</summary>
    public KubeObject? Get(ObjectKey key) =>
        _namespaces.TryGetValue(key.Namespace, out var objects) ? objects.GetValueOrDefault(key.Name) : null;

    /// <summary>The objects of one namespace, in no order.</summary>
    public IEnumerable<KubeObject> In(string ns) => _namespaces.TryGetValue(ns, out var objects) ? objects.Values : [];

    /// <summary>
    /// Takes over an object that the server has just returned to one of our writes, so that the next look sees it even if
    /// the watch has yet to tell. Whatever the watch has already gone past is left as the watch told it.
    /// </summary>
    public void Remember(KubeObject written)
    {
        lock (_lock)
        {
            var version = Version(written.ResourceVersion);
            if (version > _seen && (Get(written.Key) is not { } known || Version(known.ResourceVersion) < version))
            {
                Set(written);
                _remembered.Add(written.Key);
            }
        }
    }

    /// <summary>Takes note that an object is gone, because the server has just said so to one of our deletions.</summary>
    public void Forget(KubeObject deleted)
    {
        lock (_lock)
        {
            if (Get(deleted.Key) is { } known && known.Uid == deleted.Uid)
            {
                Unset(deleted.Key);
            }
        }
    }

    /// <summary>Takes over what the watch tells, unless more is known already; returns whether that is news.</summary>
    internal bool Put(KubeObject told, out KubeObject? before)
    {
        lock (_lock)
        {
            SawLocked(told.ResourceVersion);
            before = Get(told.Key);
            if (before is not null && Version(before.ResourceVersion) > Version(told.ResourceVersion))
            {
                return false;
            }

            Set(told);
            _remembered.Remove(told.Key);
            return before?.ResourceVersion != told.ResourceVersion;
        }
    }

    /// <summary>Removes what the watch tells is gone, unless it is known to have come again; returns whether that is news.</summary>
    internal bool Remove(KubeObject told, out KubeObject? before)
    {
        lock (_lock)
        {
            SawLocked(told.ResourceVersion);
            before = Get(told.Key);
            if (before is not null && Version(before.ResourceVersion) > Version(told.ResourceVersion))
            {
                return false;
            }

            Unset(told.Key);
            return true;
        }
    }

    internal void Saw(string resourceVersion)
    {
        lock (_lock)
        {
            SawLocked(resourceVersion);
        }
    }

    /// <summary>Makes the store equal to a list, but for objects written after the list was made; returns what that changed.</summary>
    internal IReadOnlyList<(ObjectKey Key, KubeObject? Before, KubeObject? After)> Replace(
        IReadOnlyList<KubeObject> listed, string resourceVersion)
    {
        lock (_lock)
        {
            var listVersion = Version(resourceVersion);
            List<(ObjectKey, KubeObject?, KubeObject?)> changes = [];
            var present = listed.Select(item => item.Key).ToHashSet();
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

            _seen = listVersion;
            return changes;
        }
    }

    private static ulong Version(string resourceVersion) =>
        ulong.TryParse(resourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;

    // Only of what we have written ourselves: anything else that seems newer than a list is from before the cluster was
    // restored or replaced.
    private bool IsNewer(KubeObject known, ulong listVersion) =>
        _remembered.Contains(known.Key) && Version(known.ResourceVersion) > listVersion;

    private void SawLocked(string resourceVersion) => _seen = Math.Max(_seen, Version(resourceVersion));

    private void Set(KubeObject item) => _namespaces[item.Namespace] =
        (_namespaces.GetValueOrDefault(item.Namespace) ?? ImmutableDictionary<string, KubeObject>.Empty).SetItem(item.Name, item);

    private void Unset(ObjectKey key)
    {
        if (!_namespaces.TryGetValue(key.Namespace, out var objects))
        {
            return;
        }

        _remembered.Remove(key);
        var rest = objects.Remove(key.Name);
        if (rest.IsEmpty)
        {
            _namespaces.TryRemove(key.Namespace, out _);
        }
        else
        {
            _namespaces[key.Namespace] = rest;
        }
    }
}
