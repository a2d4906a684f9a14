using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>How a reconciliation ended.</summary>
/// <param name="Requeues">When to reconcile again.</param>
public abstract record ReconcileResult(IReadOnlyList<Requeue> Requeues)
{
    /// <summary>All requests succeeded.</summary>
    public sealed record Succeeded(IReadOnlyList<Requeue> Requeues) : ReconcileResult(Requeues);

    /// <summary>A request failed; the OCM is reconciled again with back-off.</summary>
    public sealed record Failed(KubernetesApiException Error, IReadOnlyList<Requeue> Requeues) : ReconcileResult(Requeues);
}
