using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>
/// Follows single objects of one kind in one namespace, and no others: what we are not referred to we do not read. Thread-safe.
/// </summary>
public sealed class NamedObjects(
    IKubernetesApi api, ResourceKind kind, string ns, InformerFactory informers, Action onChange, CancellationToken cancellationToken)
{
    private readonly Lock _lock = new();
    private Dictionary<string, RunningInformer> _followed = new(StringComparer.Ordinal);

    /// <summary>What is known of each object that is followed, by name; the object is null where there is none.</summary>
    public IReadOnlyDictionary<string, SeenObject> Seen => Volatile.Read(ref _followed).ToDictionary(
        entry => entry.Key,
        entry => new SeenObject(entry.Value.Informer.State, entry.Value.Informer.Store.Get(new ObjectKey(ns, entry.Key))),
        StringComparer.Ordinal);

    /// <summary>Follows exactly these from now on.</summary>
    public void Follow(IReadOnlySet<string> names)
    {
        lock (_lock)
        {
            var next = new Dictionary<string, RunningInformer>(StringComparer.Ordinal);
            foreach (var name in names)
            {
                next[name] = _followed.TryGetValue(name, out var running)
                    ? running
                    : informers.Start(api, kind, Selection.Named(name, ns), _ => onChange(), onChange, cancellationToken);
            }

            foreach (var (name, running) in _followed)
            {
                if (!next.ContainsKey(name))
                {
                    running.Dispose();
                }
            }

            Volatile.Write(ref _followed, next);
        }
    }
}
