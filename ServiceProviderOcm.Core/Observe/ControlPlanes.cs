using System.Collections.Concurrent;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Core.Observe;

/// <summary>The control planes that are looked at now: those that a decision rests on, and no others.</summary>
public sealed class ControlPlanes(
    ControlPlaneConnector connector,
    IKubernetesApi platform,
    ProviderApi api,
    InformerFactory informers,
    Action<ObjectKey> onChange,
    CancellationToken cancellationToken)
{
    private readonly ConcurrentDictionary<ObjectKey, ControlPlaneWatch> _watches = new();

    /// <summary>How an OCM's control plane is looked at; null if it is not.</summary>
    public ControlPlaneWatch? Of(ObjectKey ocm) => _watches.GetValueOrDefault(ocm);

    /// <summary>Looks at this much of an OCM's control plane from now on, with the kubeconfig in this Secret.</summary>
    public void Follow(ObjectKey ocm, ObjectKey secret, ControlPlaneView view)
    {
        // What is followed outlives the look that begins it, and must not bear that look's span and scope.
        using var flow = ExecutionContext.SuppressFlow();
        if (!_watches.TryGetValue(ocm, out var watch) || watch.Secret != secret)
        {
            Release(ocm);
            watch = new ControlPlaneWatch(connector, platform, secret, api, informers.For(ocm), () => onChange(ocm), cancellationToken);
            _watches[ocm] = watch;
        }

        watch.Look(view);
    }

    /// <summary>Looks no longer.</summary>
    public void Release(ObjectKey ocm)
    {
        if (_watches.TryRemove(ocm, out var watch))
        {
            watch.Dispose();
        }
    }
}
