using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model;

/// <summary>Server-side apply of a manifest.</summary>
public sealed record ApplyStep(TargetCluster Cluster, ResourceKind Kind, KubeObject Manifest) : PlanStep(Cluster, Kind, Manifest.Key)
{
    /// <summary>Whether to take over fields that other managers set differently; otherwise the step fails with a conflict.</summary>
    public bool IsForced { get; init; } = true;

    /// <inheritdoc/>
    protected override string Verb => "apply";
}
