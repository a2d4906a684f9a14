using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model;

/// <summary>Server-side apply of a manifest. Takes over fields that other managers set differently, unless the target is a common object.</summary>
public sealed record ApplyStep(TargetCluster Cluster, ResourceKind Kind, KubeObject Manifest, ApplyTarget Target)
    : PlanStep(Cluster, Kind, Manifest.Key)
{
    /// <inheritdoc/>
    protected override string Verb => "apply";
}
