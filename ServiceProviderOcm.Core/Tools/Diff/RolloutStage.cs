using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Tools.Diff;

/// <summary>OCMs that a rollout updates at the same time.</summary>
/// <param name="IsCanary">Whether they are canaries.</param>
/// <param name="Ocms">The OCMs, in the order of their update.</param>
public sealed record RolloutStage(bool IsCanary, IReadOnlyList<ObjectKey> Ocms);
