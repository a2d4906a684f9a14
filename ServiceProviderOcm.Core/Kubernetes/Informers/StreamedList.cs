using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>A list that comes as the first events of a watch, under the limits of a list.</summary>
/// <param name="objects">The objects that have come.</param>
/// <param name="scope">The objects that are kept.</param>
internal sealed class StreamedList(ListedObjects objects, WatchScope scope)
{
    /// <summary>Adds an event; returns the list once it is complete.</summary>
    /// <exception cref="KubernetesApiException">A limit is exceeded.</exception>
    /// <exception cref="OperationCanceledException">The informer must release what it has.</exception>
    public Listing? Add(WatchEvent change)
    {
        var subject = change.Subject;
        if (change.EndsInitialEvents)
        {
            return objects.Complete(new WatchPosition(subject.ResourceVersion, change.Server));
        }

        if (change.Type == WatchEventType.Bookmark || !scope.Includes(subject.Key))
        {
            return null;
        }

        // Changed since it was sent first, or gone.
        if (change.Type != WatchEventType.Added)
        {
            objects.Remove(subject.Key);
        }

        if (change is { Type: not WatchEventType.Deleted, Unreadable: { } unreadable })
        {
            objects.Add(unreadable);
        }
        else if (change.Type != WatchEventType.Deleted)
        {
            objects.Add(subject);
        }

        objects.Check();
        return null;
    }
}
