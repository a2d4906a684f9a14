using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model.Orphans;

/// <summary>A managed object on the platform cluster.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Observed">The object.</param>
public sealed record OrphanedObject(ResourceKind Kind, KubeObject Observed)
{
    /// <summary>Kind and name.</summary>
    public override string ToString() => $"{Kind.Kind} {Observed.Name}";
}
