using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Rollout;

/// <summary>All OCMs, as a rollout sees them.</summary>
/// <param name="Total">The number of all OCMs, of which percentages are.</param>
/// <param name="Members">Those that are installed and are not being deleted, in any order.</param>
/// <param name="StartedAt">Since when the revision is rolled out, or a later time at which this is known.</param>
public sealed record RolloutFleet(int Total, IReadOnlyList<RolloutMember> Members, DateTimeOffset StartedAt)
{
    /// <summary>
    /// The canaries that have failed at this revision according to the last decision, and are canaries still. Their failure lasts until
    /// they are available at it, whatever becomes of them: their owners can delete them, and change what they request.
    /// </summary>
    public IReadOnlyCollection<ObjectKey> FailedCanaries { get; init; } = [];

    /// <summary>
    /// The canaries that were being updated, and not available yet, according to the last decision, and are canaries still. One that is
    /// gone, or whose objects do not tell of the update any more, has failed, too: nobody will know what would have become of it.
    /// </summary>
    public IReadOnlyCollection<ObjectKey> UpdatingCanaries { get; init; } = [];
}
