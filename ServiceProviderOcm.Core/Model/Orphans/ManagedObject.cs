using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model.Orphans;

/// <summary>What may be a managed object on the platform cluster.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Observed">The object.</param>
public sealed record ManagedObject(ResourceKind Kind, KubeObject Observed)
{
    /// <summary>Kind and name.</summary>
    public override string ToString() => $"{Kind.Kind} {Observed.Name}";
}
