using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Tools.Rollouts;

namespace ServiceProviderOcm.Core.Tools.Status;

/// <summary>Where an OCM is in the rollout of the newest revision.</summary>
/// <param name="IsUpdated">Whether it is updated, or what is installed is the same in the newest revision.</param>
/// <param name="IsCanary">Whether it is a canary.</param>
/// <param name="HasFailed">Whether the update has made it unready.</param>
public sealed record OcmUpdate(bool IsUpdated, bool IsCanary, bool HasFailed)
{
    /// <summary>Of one OCM; null if it is not known, or takes no part because nothing is installed.</summary>
    /// <param name="ocm">The OCM.</param>
    /// <param name="fleet">All OCMs; null if they are not known.</param>
    public static OcmUpdate? Of(ObjectKey ocm, ObservedFleet? fleet) => fleet?.Find(ocm) is { Member: { } member } observed
        ? new OcmUpdate(member.IsUpdated, observed.IsCanary, fleet.Failed.Any(failed => failed.Ocm == ocm))
        : null;
}
