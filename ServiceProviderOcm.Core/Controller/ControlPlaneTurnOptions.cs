namespace ServiceProviderOcm.Core.Controller;

/// <summary>How much work on one control plane is done before others have their turn.</summary>
public sealed record ControlPlaneTurnOptions
{
    /// <summary>The maximum number of control planes that are written to at the same time; each has at most one call in flight.</summary>
    public int Workers { get; init; } = 100;

    /// <summary>
    /// How many of them are of one namespace: a quarter, also while no other has work. A call cannot be interrupted for a namespace that
    /// comes later, so its workers have to be free.
    /// </summary>
    public int WorkersPerNamespace => Math.Max(1, Workers / 4);

    /// <summary>The maximum number of steps per turn. What is left is continued behind others.</summary>
    public int MaxSteps { get; init; } = 20;

    /// <summary>A turn that has taken this long is continued behind others. A call that has begun is not cancelled by it.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A turn with a call that took this long is followed by a pause.</summary>
    public TimeSpan SlowCall { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest pause.</summary>
    public TimeSpan MaxPause { get; init; } = TimeSpan.FromMinutes(5);
}
