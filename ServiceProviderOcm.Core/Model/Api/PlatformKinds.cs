using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model.Api;

/// <summary>Kinds of openMCP, Flux and the toolkit, except those of this provider (see <see cref="ProviderApi"/>).</summary>
public static class PlatformKinds
{
    /// <summary>A request for a cluster.</summary>
    public static readonly ResourceKind ClusterRequest = new("clusters.openmcp.cloud", "v1alpha1", "ClusterRequest", "clusterrequests");

    /// <summary>A request for access to a cluster, answered with a kubeconfig in a Secret.</summary>
    public static readonly ResourceKind AccessRequest = new("clusters.openmcp.cloud", "v1alpha1", "AccessRequest", "accessrequests");

    /// <summary>Flux source: an OCI artifact, here the Helm chart.</summary>
    public static readonly ResourceKind OciRepository = new("source.toolkit.fluxcd.io", "v1", "OCIRepository", "ocirepositories");

    /// <summary>Flux release of a Helm chart.</summary>
    public static readonly ResourceKind HelmRelease = new("helm.toolkit.fluxcd.io", "v2", "HelmRelease", "helmreleases");

    /// <summary>The API group of the users' objects on the control plane, whose kinds the OCM K8s Toolkit serves.</summary>
    public const string ToolkitGroup = "delivery.ocm.software";

    /// <summary>The kind of users' objects that has a reason of its own. Their other kinds are discovered.</summary>
    public static readonly ResourceKind Repository = new(ToolkitGroup, "v1alpha1", "Repository", "repositories");

    /// <summary>The object that openmcp-operator runs a service provider from.</summary>
    public static readonly ResourceKind ServiceProvider = new(
        "openmcp.cloud", "v1alpha1", "ServiceProvider", "serviceproviders", IsNamespaced: false);
}
