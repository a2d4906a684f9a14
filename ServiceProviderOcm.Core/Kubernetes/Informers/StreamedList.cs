using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>A list that comes as the first events of a watch, under the limits of a list.</summary>
/// <param name="known">The store: objects that have not changed are taken from there, so that none is in memory twice.</param>
/// <param name="scope">The objects that are kept.</param>
/// <param name="share">The share of memory.</param>
/// <param name="check">Checks the limits of the number of objects and their size.</param>
internal sealed class StreamedList(Store known, WatchScope scope, MemoryShare? share, Action<int, long> check)
{
    private readonly Dictionary<ObjectKey, KubeObject> _objects = [];
    private readonly Dictionary<ObjectKey, UnreadableObject> _unreadable = [];
    private long _size;
    private long _added;

    /// <summary>Adds an event; returns the list once it is complete.</summary>
    /// <exception cref="KubernetesApiException">A limit is exceeded.</exception>
    /// <exception cref="OperationCanceledException">The informer must release what it has.</exception>
    public Listing? Add(WatchEvent change)
    {
        if (change.EndsInitialEvents)
        {
            return new Listing([.. _objects.Values], [.. _unreadable.Values], new WatchPosition(change.Subject.ResourceVersion, change.Server));
        }

        var subject = change.Subject;
        if (change.Type == WatchEventType.Bookmark || !scope.Includes(subject.Key))
        {
            return null;
        }

        Remove(subject.Key);
        if (change is { Type: not WatchEventType.Deleted, Unreadable: { } unreadable })
        {
            _unreadable[subject.Key] = unreadable;
        }
        else if (change.Type != WatchEventType.Deleted)
        {
            var same = known.Get(subject.Key);
            var isKnown = same is not null && same.ResourceVersion == subject.ResourceVersion && same.Uid == subject.Uid;
            var kept = isKnown ? same! : subject;
            _objects[subject.Key] = kept;
            _size += kept.Size;
            _added += isKnown ? 0 : kept.Size;
        }

        check(_objects.Count + _unreadable.Count, _size);
        share?.Hold(known.Bytes + _added + (_unreadable.Count * (long)UnreadableObjects.BytesOfOne));
        return null;
    }

    private void Remove(ObjectKey key)
    {
        _unreadable.Remove(key);
        if (_objects.Remove(key, out var before))
        {
            _size -= before.Size;
            _added -= ReferenceEquals(before, known.Get(key)) ? 0 : before.Size;
        }
    }
}
