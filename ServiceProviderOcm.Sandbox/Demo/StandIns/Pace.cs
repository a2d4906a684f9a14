using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Sandbox.Demo.StandIns;

/// <summary>When a stand-in reconciles.</summary>
/// <param name="Time">Clock.</param>
/// <param name="DelayOf">How long after a change it reconciles an object of the kind.</param>
public sealed record Pace(TimeProvider Time, Func<ResourceKind, TimeSpan> DelayOf)
{
    /// <summary>Without delay.</summary>
    public static Pace AtOnce { get; } = new(TimeProvider.System, _ => TimeSpan.Zero);
}
