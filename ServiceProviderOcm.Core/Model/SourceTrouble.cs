using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model;

/// <summary>What we know of one kind may be wrong.</summary>
/// <param name="ClusterName">The cluster, as it is called in messages.</param>
/// <param name="Kind">The kind.</param>
/// <param name="State">How far its store can be relied on.</param>
/// <param name="IsInput">Whether it only tells what to install, so that a deletion can do without.</param>
public sealed record SourceTrouble(string ClusterName, ResourceKind Kind, InformerState State, bool IsInput = false)
{
    /// <summary>The cluster has no such kind.</summary>
    public bool IsNotServed => !State.IsServed;

    /// <summary>Nothing is known yet, and nothing has gone wrong: wait.</summary>
    public bool IsStarting => State is { HasSynced: false, IsServed: true, Failure: null };

    /// <summary>What went wrong, if something did.</summary>
    public KubernetesApiException? Failure => State.Failure;
}
