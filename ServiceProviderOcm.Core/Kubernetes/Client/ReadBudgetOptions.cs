namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>
/// How much the servers of a <see cref="ReadBudget"/> may use. What each server has for itself is not counted against what it shares with
/// others, so that a server that needs little is not affected by others. That holds up to as much again as a group may share, and for memory
/// up to as much again as all may: there may be any number of servers and groups. A property's name, in snake case, is the limit's name in
/// metrics, and in kebab case the end of its flag.
/// </summary>
public sealed record ReadBudgetOptions
{
    /// <summary>The beginning of the flags that set the limits, such as <c>--some-</c>; null if they are no settings.</summary>
    public string? FlagPrefix { get; init; }

    /// <summary>Memory that each server has for itself while its answers are read, in bytes.</summary>
    public long OwnMemory { get; init; } = 256 << 10;

    /// <summary>Memory beyond that, for all servers of one group.</summary>
    public long GroupMemory { get; init; } = 32 << 20;

    /// <summary>Memory beyond that, for all servers.</summary>
    public long SharedMemory { get; init; } = 64 << 20;

    /// <summary>Bytes that each server may send for itself per minute.</summary>
    public long OwnTraffic { get; init; } = 1 << 20;

    /// <summary>Bytes per minute beyond that, for all servers of one group.</summary>
    public long GroupTraffic { get; init; } = 128 << 20;

    /// <summary>Bytes per minute beyond that, for all servers.</summary>
    public long SharedTraffic { get; init; } = 256 << 20;
}
