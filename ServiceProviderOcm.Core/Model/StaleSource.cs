using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model;

/// <summary>A kind whose store may not be relied on now.</summary>
/// <param name="ClusterName">The cluster, as it is called in messages.</param>
/// <param name="Kind">The kind.</param>
/// <param name="IsInput">Whether it only says what to install, so that a deletion does not need it.</param>
public abstract record StaleSource(string ClusterName, ResourceKind Kind, bool IsInput)
{
    /// <summary>The store is filling up.</summary>
    public sealed record Starting(string ClusterName, ResourceKind Kind, bool IsInput = false) : StaleSource(ClusterName, Kind, IsInput);

    /// <summary>The cluster does not serve the kind.</summary>
    public sealed record NotServed(string ClusterName, ResourceKind Kind, bool IsInput = false) : StaleSource(ClusterName, Kind, IsInput);

    /// <summary>The objects cannot be listed or watched.</summary>
    public sealed record Unreadable(string ClusterName, ResourceKind Kind, KubernetesApiException Error, bool IsInput = false)
        : StaleSource(ClusterName, Kind, IsInput)
    {
        /// <summary>Whether it is one object of a tenant; other tenants are not affected.</summary>
        public bool IsOfTenant { get; init; }
    }
}
