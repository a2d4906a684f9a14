namespace ServiceProviderOcm.Core.Tools.Status;

/// <summary>What <c>status</c> shows.</summary>
/// <param name="Rollout">The rollout; null if the ProviderConfig is not read, or does not exist.</param>
/// <param name="Ocms">The OCMs and the orphaned objects.</param>
public sealed record StatusView(RolloutSummary? Rollout, IReadOnlyList<OcmSummary> Ocms);
