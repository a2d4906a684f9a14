using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model;

/// <summary>
/// The kinds of openMCP, Flux and the OCM K8s Toolkit that the controller reads or writes, apart from its own two (see <see cref="ProviderApi"/>).
/// </summary>
public static class PlatformKinds
{
    /// <summary>A platform component's wish for a cluster.</summary>
    public static readonly ResourceKind ClusterRequest = new("clusters.openmcp.cloud", "v1alpha1", "ClusterRequest", "clusterrequests");

    /// <summary>A platform component's wish for access to a cluster, answered with a kubeconfig in a Secret.</summary>
    public static readonly ResourceKind AccessRequest = new("clusters.openmcp.cloud", "v1alpha1", "AccessRequest", "accessrequests");

    /// <summary>Flux source: an OCI artifact, here the Helm chart.</summary>
    public static readonly ResourceKind OciRepository = new("source.toolkit.fluxcd.io", "v1", "OCIRepository", "ocirepositories");

    /// <summary>Flux release of a Helm chart.</summary>
    public static readonly ResourceKind HelmRelease = new("helm.toolkit.fluxcd.io", "v2", "HelmRelease", "helmreleases");

    /// <summary>The users' objects on the control plane that depend on the OCM K8s Toolkit.</summary>
    public static readonly ResourceKind Repository = new("delivery.ocm.software", "v1alpha1", "Repository", "repositories");

    /// <summary>What openmcp-operator runs a service provider from.</summary>
    public static readonly ResourceKind ServiceProvider = new(
        "openmcp.cloud", "v1alpha1", "ServiceProvider", "serviceproviders", IsNamespaced: false);
}
