namespace ServiceProviderOcm.Core.Kubernetes.Objects;

/// <summary>Kinds that every Kubernetes cluster serves.</summary>
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

    /// <summary>Authenticates a token. Not stored: the response to its creation has the status.</summary>
    public static readonly ResourceKind TokenReview = new(
        "authentication.k8s.io", "v1", "TokenReview", "tokenreviews", IsNamespaced: false);

    /// <summary>Checks a permission of any user. Not stored, like <see cref="TokenReview"/>.</summary>
    public static readonly ResourceKind SubjectAccessReview = new(
        "authorization.k8s.io", "v1", "SubjectAccessReview", "subjectaccessreviews", IsNamespaced: false);

    /// <summary>Checks a permission of the client itself. Not stored, like <see cref="TokenReview"/>.</summary>
    public static readonly ResourceKind SelfSubjectAccessReview = new(
        "authorization.k8s.io", "v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews", IsNamespaced: false);

    /// <summary>An immutable snapshot of a configuration, as a StatefulSet has one for each of its revisions.</summary>
    public static readonly ResourceKind ControllerRevision = new("apps", "v1", "ControllerRevision", "controllerrevisions");

    /// <summary>What teaches an API server a kind.</summary>
    public static readonly ResourceKind CustomResourceDefinition = new(
        "apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", IsNamespaced: false);
}
