using ServiceProviderOcm.Core.Kubernetes.Objects;

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
        [Kinds.Lease] = new LeaseRules(),
        [new("", "v1", "Service", "services")] = new ServiceRules(),
        [new("", "v1", "Pod", "pods")] = new PodRules(),
        [new("apps", "v1", "Deployment", "deployments")] = new WorkloadRules(),
        [new("apps", "v1", "ReplicaSet", "replicasets")] = new WorkloadRules(),
        [new("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets")] = new DisruptionBudgetRules(),
    };

    /// <summary>A kind's rules; null where there are none.</summary>
    public static IKindRules? Of(ResourceKind kind) => All.GetValueOrDefault(kind);
}
