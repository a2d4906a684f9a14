using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model;

/// <summary>
/// One write. Steps of a plan are applied in order, and the first that fails ends it. Those on a control plane, which belongs to the
/// tenant, are applied apart from the others.
/// </summary>
/// <param name="Cluster">Where.</param>
/// <param name="Kind">The object's kind.</param>
/// <param name="Key">The object's key.</param>
public abstract record PlanStep(TargetCluster Cluster, ResourceKind Kind, ObjectKey Key)
{
    /// <summary>What is being done, for messages: <c>apply HelmRelease ns/name</c>.</summary>
    public string Description => $"{Verb} {Kind.Kind} {Key}";

    /// <summary>The verb for <see cref="Description"/>.</summary>
    protected abstract string Verb { get; }
}
