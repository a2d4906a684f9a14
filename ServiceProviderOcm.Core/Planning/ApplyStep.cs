using ServiceProviderOcm.Core.Objects;

namespace ServiceProviderOcm.Core.Planning;

/// <summary>Server-side apply of a manifest.</summary>
public sealed record ApplyStep(TargetCluster Cluster, ResourceKind Kind, KubeObject Manifest) : PlanStep(Cluster, Kind, Manifest.Key)
{
    /// <inheritdoc/>
    protected override string Verb => "apply";
}
