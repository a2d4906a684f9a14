using System.Collections.Concurrent;
using ServiceProviderOcm.Core.Client;
using ServiceProviderOcm.Core.Objects;
using ServiceProviderOcm.Core.Watch;

namespace ServiceProviderOcm.Core.Observe;

/// <summary>The control planes that are looked at now: those of OCMs that are being deleted, and no others.</summary>
public sealed class ControlPlanes(
    ControlPlaneConnector connector,
    IKubernetesApi platform,
    InformerFactory informers,
    Action<ObjectKey> onChange,
    CancellationToken cancellationToken)
{
    private readonly ConcurrentDictionary<ObjectKey, ControlPlaneWatch> _watches = new();

    /// <summary>What is known of an OCM's control plane.</summary>
    public ObservedRepositories Observed(ObjectKey ocm) =>
        _watches.TryGetValue(ocm, out var watch) ? watch.Observed : ObservedRepositories.NotYetKnown;

    /// <summary>Looks at an OCM's control plane from now on, with the kubeconfig in this Secret.</summary>
    public void Follow(ObjectKey ocm, ObjectKey secret)
    {
        if (_watches.TryGetValue(ocm, out var watch) && watch.Secret == secret)
        {
            return;
        }

        Release(ocm);

        // What is followed outlives the look that begins it, and must not bear that look's span and scope.
        using var flow = ExecutionContext.SuppressFlow();
        _watches[ocm] = new ControlPlaneWatch(connector, platform, secret, informers.For(ocm), () => onChange(ocm), cancellationToken);
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
