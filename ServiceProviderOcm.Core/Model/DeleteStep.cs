using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model;

/// <summary>Deletion of exactly the object that was observed: a later one of the same name is left alone.</summary>
public sealed record DeleteStep(TargetCluster Cluster, ResourceKind Kind, KubeObject Observed) : PlanStep(Cluster, Kind, Observed.Key)
{
    /// <inheritdoc/>
    protected override string Verb => "delete";
}
