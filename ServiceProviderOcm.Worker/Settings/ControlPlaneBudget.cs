namespace ServiceProviderOcm.Worker.Settings;

/// <summary>How much the controller does for control planes.</summary>
public sealed class ControlPlaneBudget
{
    /// <summary>The maximum memory for the objects of all control planes together, in bytes.</summary>
    public long TotalBytes { get; set; } = 128 << 20;

    /// <summary>The timeout of a request.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The maximum number of steps per turn.</summary>
    public int TurnSteps { get; set; } = 20;

    /// <summary>The time after which a turn ends.</summary>
    public TimeSpan TurnDuration { get; set; } = TimeSpan.FromSeconds(10);
}
