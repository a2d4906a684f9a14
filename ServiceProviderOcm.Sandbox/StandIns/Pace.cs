using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Sandbox.StandIns;

/// <summary>How quick a stand-in is.</summary>
/// <param name="Time">Clock.</param>
/// <param name="Hesitation">How long after a change it looks at an object of the kind.</param>
public sealed record Pace(TimeProvider Time, Func<ResourceKind, TimeSpan> Hesitation)
{
    /// <summary>As quick as it can be.</summary>
    public static Pace AtOnce { get; } = new(TimeProvider.System, _ => TimeSpan.Zero);
}
