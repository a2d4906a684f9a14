namespace ServiceProviderOcm.Worker.Settings;

/// <summary>How much the controller does for control planes.</summary>
public sealed class ControlPlaneBudget
{
    /// <summary>The maximum memory for the objects of all control planes together, in bytes.</summary>
    public long TotalBytes { get; set; } = 128 << 20;

    /// <summary>The memory that each control plane has for itself while its answers are read, in bytes.</summary>
    public long OwnMemory { get; set; } = 256 << 10;

    /// <summary>The maximum memory beyond that, for the control planes of one namespace.</summary>
    public long GroupMemory { get; set; } = 32 << 20;

    /// <summary>The maximum memory beyond that, for all control planes.</summary>
    public long SharedMemory { get; set; } = 64 << 20;

    /// <summary>The bytes that each control plane may send for itself per minute.</summary>
    public long OwnTraffic { get; set; } = 1 << 20;

    /// <summary>The maximum number of bytes per minute beyond that, for the control planes of one namespace.</summary>
    public long GroupTraffic { get; set; } = 128 << 20;

    /// <summary>The maximum number of bytes per minute beyond that, for all control planes.</summary>
    public long SharedTraffic { get; set; } = 256 << 20;

    /// <summary>The timeout of a request.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The maximum number of steps per turn.</summary>
    public int TurnSteps { get; set; } = 20;

    /// <summary>The time after which a turn ends.</summary>
    public TimeSpan TurnDuration { get; set; } = TimeSpan.FromSeconds(10);
}
