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

    /// <summary>Whether the revision is not known, although something may be installed.</summary>
    public bool IsUnknown => Member is null && Revision.Length == 0;
}
