namespace ServiceProviderOcm.Core.Rollout;

/// <summary>All OCMs, as a rollout sees them.</summary>
/// <param name="Total">The number of all OCMs, of which percentages are.</param>
/// <param name="Members">Those that are installed and are not being deleted, in any order.</param>
/// <param name="StartedAt">Since when the revision is rolled out, or a later time at which this is known.</param>
public sealed record RolloutFleet(int Total, IReadOnlyList<RolloutMember> Members, DateTimeOffset StartedAt);
