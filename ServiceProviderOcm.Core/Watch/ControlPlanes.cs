using System.Collections.Concurrent;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Watch;

/// <summary>The control planes that are watched now: those that a decision is made on, and no others.</summary>
public sealed class ControlPlanes(
    KubeconfigConnector connector,
    IKubernetesApi platform,
    ProviderApi api,
    InformerFactory informers,
    InformerLimits limits,
    SharedMemory memory,
    Action<ObjectKey> onChange,
    ReadBudget budget,
    CancellationToken cancellationToken)
{
    private readonly ConcurrentDictionary<ObjectKey, ControlPlaneWatch> _watches = new();

    /// <summary>The number of control planes that are watched.</summary>
    public int Count => _watches.Count;

    /// <summary>The watch of an OCM's control plane; null if there is none.</summary>
    public ControlPlaneWatch? Of(ObjectKey ocm) => _watches.GetValueOrDefault(ocm);

    /// <summary>Watches this much of an OCM's control plane from now on, with the kubeconfig in this Secret.</summary>
    public void Watch(ObjectKey ocm, ObjectKey secret, ControlPlaneScope scope)
    {
        // A watch outlives the reconciliation that starts it, and must not inherit its span and scope.
        using var flow = ExecutionContext.SuppressFlow();
        if (!_watches.TryGetValue(ocm, out var watch) || watch.Secret != secret)
        {
            Stop(ocm);
            var tenant = $"namespace {ocm.Namespace}";
            watch = new ControlPlaneWatch(
                connector,
                platform,
                secret,
                api,
                informers.For(ocm),
                budget.Open(tenant),
                limits,
                memory.Open(tenant),
                () => onChange(ocm),
                cancellationToken);
            _watches[ocm] = watch;
        }

        watch.Watch(scope);
    }

    /// <summary>Stops watching an OCM's control plane.</summary>
    public void Stop(ObjectKey ocm)
    {
        if (_watches.TryRemove(ocm, out var watch))
        {
            watch.Dispose();
        }
    }
}
