namespace ServiceProviderOcm.Tests.Rollout;

/// <summary>Something that happens to an OCM of a simulated fleet, once.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="After">How long after its first update.</param>
/// <param name="Duration">How long it lasts.</param>
internal sealed record Disruption(DisruptionKind Kind, TimeSpan After, TimeSpan Duration);
