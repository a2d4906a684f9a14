using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.ApiServer.Serving;

namespace ServiceProviderOcm.Sandbox.ApiServer.Writes;

/// <summary>The kinds that have rules of their own.</summary>
internal static class KindRules
{
    private static readonly Dictionary<ResourceKind, IKindRules> All = new()
    {
        [CoreKinds.Namespace] = new NamespaceRules(),
        [CoreKinds.Secret] = new SecretRules(),
        [CoreKinds.ConfigMap] = new ConfigMapRules(),
        [CoreKinds.CustomResourceDefinition] = new CustomResourceDefinitionRules(),
    };

    /// <summary>The rules of a kind; null if it has none.</summary>
    public static IKindRules? Of(ResourceKind kind) => All.GetValueOrDefault(kind);
}
