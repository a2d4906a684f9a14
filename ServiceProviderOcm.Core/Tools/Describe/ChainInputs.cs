using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Tools.Rollouts;
using ServiceProviderOcm.Core.Tools.Status;

namespace ServiceProviderOcm.Core.Tools.Describe;

/// <summary>What was read of one OCM.</summary>
/// <param name="Api">The API group.</param>
/// <param name="Ocm">The OCM.</param>
/// <param name="Objects">Its objects, in the order in which they depend on each other.</param>
public sealed record ChainInputs(ProviderApi Api, KubeObject Ocm, IReadOnlyList<ReadObject> Objects)
{
    /// <summary>The Events on these objects.</summary>
    public IReadOnlyList<KubeObject> Events { get; init; } = [];

    /// <summary>Why Events were not read, one sentence per cluster.</summary>
    public IReadOnlyList<string> EventErrors { get; init; } = [];

    /// <summary>Secrets whose values are not shown, whoever wrote them into a message.</summary>
    public IReadOnlyList<KubeObject> Secrets { get; init; } = [];

    /// <summary>How far the rollout is; null if that is not known.</summary>
    public RolloutSummary? Rollout { get; init; }

    /// <summary>All OCMs; null if they are not known.</summary>
    public ObservedFleet? Fleet { get; init; }
}
