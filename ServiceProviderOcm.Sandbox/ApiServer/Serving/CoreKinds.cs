using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Sandbox.ApiServer.Serving;

/// <summary>The built-in kinds that have rules.</summary>
internal static class CoreKinds
{
    public static readonly ResourceKind Namespace = new("", "v1", "Namespace", "namespaces", IsNamespaced: false);

    public static readonly ResourceKind Secret = new("", "v1", "Secret", "secrets");

    public static readonly ResourceKind ConfigMap = new("", "v1", "ConfigMap", "configmaps");

    /// <summary>CustomResourceDefinition.</summary>
    public static readonly ResourceKind CustomResourceDefinition = new(
        "apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", IsNamespaced: false);
}
