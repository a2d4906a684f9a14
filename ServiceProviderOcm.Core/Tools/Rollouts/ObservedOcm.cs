using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Rollout;

namespace ServiceProviderOcm.Core.Tools.Rollouts;

/// <summary>Where an OCM is in a rollout.</summary>
/// <param name="Ocm">The OCM.</param>
/// <param name="Own">The configuration of the revision that it is at; null if that is not known.</param>
/// <param name="Member">What the rollout decides on; null if the OCM takes no part, since nothing is installed or it is being deleted.</param>
/// <param name="IsCanary">Whether it is a canary.</param>
public sealed record ObservedOcm(KubeObject Ocm, InstallConfig? Own, RolloutMember? Member, bool IsCanary)
{
    /// <summary>Whether what is installed cannot be read.</summary>
    public bool IsUnreadable { get; init; }
}
