namespace ServiceProviderOcm.Tests.Faults;

/// <summary>What happens in one run, once.</summary>
/// <param name="Kind">What.</param>
/// <param name="Point">At which request or event of the undisturbed run, as <see cref="Trace"/> names it.</param>
internal sealed record Disturbance(DisturbanceKind Kind, string Point)
{
    /// <summary>The disturbances of requests.</summary>
    public static IReadOnlyList<DisturbanceKind> OfRequests { get; } = [DisturbanceKind.CrashBefore, DisturbanceKind.CrashAfter];

    /// <summary>The disturbances of watch events.</summary>
    public static IReadOnlyList<DisturbanceKind> OfEvents { get; } =
        [DisturbanceKind.Delay, DisturbanceKind.Coalesce, DisturbanceKind.Expire, DisturbanceKind.LaggingRestart];

    public override string ToString() => $"{Kind} {Point}";
}
