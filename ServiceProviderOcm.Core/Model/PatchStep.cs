using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model;

/// <summary>JSON merge patch of an object.</summary>
public sealed record PatchStep(TargetCluster Cluster, ResourceKind Kind, ObjectKey Key, JsonElement Patch) : PlanStep(Cluster, Kind, Key)
{
    /// <inheritdoc/>
    protected override string Verb => "patch";
}
