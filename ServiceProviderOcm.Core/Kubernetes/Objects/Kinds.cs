using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Core.Kubernetes.Objects;

/// <summary>The kinds this controller reads and writes, apart from its own two (see <see cref="ProviderApi"/>).</summary>
public static class Kinds
{
    /// <summary>Core Namespace.</summary>
    public static readonly ResourceKind Namespace = new("", "v1", "Namespace", "namespaces", IsNamespaced: false);

    /// <summary>Core Secret.</summary>
    public static readonly ResourceKind Secret = new("", "v1", "Secret", "secrets");

    /// <summary>Core ConfigMap.</summary>
    public static readonly ResourceKind ConfigMap = new("", "v1", "ConfigMap", "configmaps");

    /// <summary>Event, as <c>kubectl describe</c> shows it below an object.</summary>
    public static readonly ResourceKind Event = new("events.k8s.io", "v1", "Event", "events");

    /// <summary>A lock that one of several replicas holds for as long as it renews it.</summary>
    public static readonly ResourceKind Lease = new("coordination.k8s.io", "v1", "Lease", "leases");

    /// <summary>A platform component's wish for a cluster.</summary>
    public static readonly ResourceKind ClusterRequest = new("clusters.openmcp.cloud", "v1alpha1", "ClusterRequest", "clusterrequests");

    /// <summary>A platform component's wish for access to a cluster, answered with a kubeconfig in a Secret.</summary>
    public static readonly ResourceKind AccessRequest = new("clusters.openmcp.cloud", "v1alpha1", "AccessRequest", "accessrequests");

    /// <summary>Flux source: an OCI artifact, here the Helm chart.</summary>
    public static readonly ResourceKind OciRepository = new("source.toolkit.fluxcd.io", "v1", "OCIRepository", "ocirepositories");

    /// <summary>Flux release of a Helm chart.</summary>
    public static readonly ResourceKind HelmRelease = new("helm.toolkit.fluxcd.io", "v2", "HelmRelease", "helmreleases");

    /// <summary>Asks an API server whose token it is; virtual, the answer to its creation is in its status.</summary>
    public static readonly ResourceKind TokenReview = new(
        "authentication.k8s.io", "v1", "TokenReview", "tokenreviews", IsNamespaced: false);

    /// <summary>Asks an API server whether somebody may do something; virtual, like <see cref="TokenReview"/>.</summary>
    public static readonly ResourceKind SubjectAccessReview = new(
        "authorization.k8s.io", "v1", "SubjectAccessReview", "subjectaccessreviews", IsNamespaced: false);

    /// <summary>Asks an API server whether we may do something ourselves; virtual, like <see cref="TokenReview"/>.</summary>
    public static readonly ResourceKind SelfSubjectAccessReview = new(
        "authorization.k8s.io", "v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews", IsNamespaced: false);

    /// <summary>The users' objects on the control plane that depend on the OCM K8s Toolkit.</summary>
    public static readonly ResourceKind Repository = new("delivery.ocm.software", "v1alpha1", "Repository", "repositories");

    /// <summary>What teaches an API server a kind.</summary>
    public static readonly ResourceKind CustomResourceDefinition = new(
        "apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", IsNamespaced: false);

    /// <summary>What openmcp-operator runs a service provider from.</summary>
    public static readonly ResourceKind ServiceProvider = new(
        "openmcp.cloud", "v1alpha1", "ServiceProvider", "serviceproviders", IsNamespaced: false);
}
