using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Model;

/// <summary>Deletion of exactly the object that was observed: a later one of the same name is left alone.</summary>
public sealed record DeleteStep(TargetCluster Cluster, ResourceKind Kind, KubeObject Observed) : PlanStep(Cluster, Kind, Observed.Key)
{
    /// <summary>Whether only the version that was observed is deleted: not what somebody has written since.</summary>
    public bool IsOfVersion { get; init; }

    /// <summary>A patch that removes a finalizer before the deletion, of which only the version that the patch returns is deleted; null for none.</summary>
    public PatchStep? Before { get; init; }

    /// <summary>Whether it is of a copy of the Go provider on the control plane, which nothing depends on.</summary>
    public bool IsOfUnlabelledCopy => Cluster == TargetCluster.ControlPlane && !Observed.Labels.ContainsKey(ObjectNames.ManagedByLabel);

    /// <inheritdoc/>
    protected override string Verb => Before is null ? "delete" : "remove finalizer and delete";
}
