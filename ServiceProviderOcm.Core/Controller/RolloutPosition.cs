using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Rollout;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>Where an OCM is in a rollout, before it is known whether it is Ready.</summary>
/// <param name="Newest">The newest configuration.</param>
/// <param name="Revision">The revision that the OCM is at; empty if that is not known.</param>
/// <param name="Member">What the rollout decides on; null if the OCM takes no part, since nothing is installed or it is being deleted.</param>
internal sealed record RolloutPosition(InstallConfig Newest, string Revision, RolloutMember? Member)
{
    /// <summary>Whether the OCM waits until its stage allows the newest revision, which alone offers its version.</summary>
    public bool AwaitsNewest { get; init; }

    /// <summary>Whether the first reconciliation of the OCM has not ended: its end is another position, and thus decided on.</summary>
    public bool IsBeginning { get; init; }

    /// <summary>Whether the revision is not known, although something may be installed.</summary>
    public bool IsUnknown => Member is null && Revision.Length == 0;

    /// <summary>
    /// The same with what only a process knows that has watched the OCM: where its condition does not say so, since when it is Ready, or is
    /// not, and whether it has been available since its update.
    /// </summary>
    /// <param name="before">What was known of the OCM before; null for nothing.</param>
    /// <param name="now">The time.</param>
    public RolloutPosition Since(RolloutMember? before, DateTimeOffset now) => before is null || Member is null ? this : this with
    {
        Member = Member with
        {
            ReadyChangedAt = Member.IsReadinessReported ? Member.ReadyChangedAt
                : before.IsReady == Member.IsReady ? before.ReadyChangedAt
                : now,
            WasNeverAvailable = before.WasNeverAvailable && before.UpdatedAt == Member.UpdatedAt
                && !(before.AvailableAt(Newest.Rollout.MinReady) <= now),
        },
    };

    /// <summary>The same with an update that was granted; null if the update is done, or cannot be.</summary>
    public RolloutPosition? Granted(RolloutGrant grant) => Member is not { IsUpdated: false, IsHeld: false } ? null : this with
    {
        Member = Member with
        {
            IsUpdated = true,
            IsReady = false,
            ReadyChangedAt = grant.At,
            UpdatedAt = grant.At,
            WasReady = grant.WasReady,
            WasNeverAvailable = true,
            IsStalled = false,
        },
    };
}
