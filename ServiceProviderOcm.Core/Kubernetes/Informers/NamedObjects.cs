using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>
/// Watches single objects of one kind in one namespace, and reads no others: the permission to read all of them is not needed.
/// Thread-safe.
/// </summary>
public sealed class NamedObjects(
    IKubernetesApi api, ResourceKind kind, string ns, InformerFactory informers, Action onChange, CancellationToken cancellationToken)
{
    private readonly Lock _lock = new();
    private Dictionary<string, RunningInformer> _informers = new(StringComparer.Ordinal);

    /// <summary>The objects that are watched, by name.</summary>
    public IReadOnlyDictionary<string, WatchedObject> Objects => Volatile.Read(ref _informers).ToDictionary(
        entry => entry.Key,
        entry => new WatchedObject(entry.Value.Informer.State, entry.Value.Informer.Store.Get(new ObjectKey(ns, entry.Key))),
        StringComparer.Ordinal);

    /// <summary>The objects that exist and cannot be read now.</summary>
    public IEnumerable<(ResourceKind Kind, UnreadableObject Subject)> UnreadableObjects =>
        Volatile.Read(ref _informers).Values.SelectMany(running => running.Informer.UnreadableObjects).Select(subject => (kind, subject));

    /// <summary>Watches exactly these objects from now on.</summary>
    public void Watch(IReadOnlySet<string> names)
    {
        lock (_lock)
        {
            var next = new Dictionary<string, RunningInformer>(StringComparer.Ordinal);
            foreach (var name in names)
            {
                next[name] = _informers.TryGetValue(name, out var running)
                    ? running
                    : informers.Start(api, kind, WatchScope.Named(name, ns), _ => onChange(), onChange, cancellationToken);
            }

            foreach (var (name, running) in _informers)
            {
                if (!next.ContainsKey(name))
                {
                    running.Dispose();
                }
            }

            Volatile.Write(ref _informers, next);
        }
    }
}
