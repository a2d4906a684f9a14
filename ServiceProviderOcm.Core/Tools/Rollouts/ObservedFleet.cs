using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Rollout;

namespace ServiceProviderOcm.Core.Tools.Rollouts;

/// <summary>All OCMs, as a rollout of a configuration sees them.</summary>
/// <param name="Newest">The configuration that is rolled out.</param>
/// <param name="Ocms">The OCMs.</param>
/// <param name="Decision">What the rollout does next.</param>
public sealed record ObservedFleet(InstallConfig Newest, IReadOnlyDictionary<ObjectKey, ObservedOcm> Ocms, RolloutDecision Decision)
{
    /// <summary>The OCMs that their update has made unready, in a stable order.</summary>
    public IReadOnlyList<RolloutMember> Failed => Decision.Failed;

    /// <summary>The canaries that take part.</summary>
    public IEnumerable<RolloutMember> Canaries => Ocms.Values.Select(each => each.Member).OfType<RolloutMember>().Where(member => member.IsCanary);

    /// <summary>Where an OCM is; null if it is not known.</summary>
    public ObservedOcm? Find(ObjectKey ocm) => Ocms.GetValueOrDefault(ocm);
}
