using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model;

/// <summary>JSON merge patch of exactly the object that was observed: a later one of the same name is left alone.</summary>
public sealed record PatchStep(TargetCluster Cluster, ResourceKind Kind, KubeObject Observed, JsonElement Patch)
    : PlanStep(Cluster, Kind, Observed.Key)
{
    /// <inheritdoc/>
    protected override string Verb => "patch";
}
