using ServiceProviderOcm.Core.Objects;

namespace ServiceProviderOcm.Sandbox.Writes;

/// <summary>The kinds that have rules of their own.</summary>
internal static class KindRules
{
    private static readonly Dictionary<ResourceKind, IKindRules> All = new()
    {
        [Kinds.Namespace] = new NamespaceRules(),
        [Kinds.Secret] = new SecretRules(),
        [Kinds.ConfigMap] = new ConfigMapRules(),
        [Kinds.CustomResourceDefinition] = new DefinitionRules(),
    };

    /// <summary>A kind's rules; null where there are none.</summary>
    public static IKindRules? Of(ResourceKind kind) => All.GetValueOrDefault(kind);
}
