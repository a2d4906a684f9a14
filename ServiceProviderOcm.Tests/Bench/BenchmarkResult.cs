using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Bench;

/// <summary>What one run of the Worker took.</summary>
/// <param name="Elapsed">From the start of the process until all tenants were Ready.</param>
/// <param name="UntilReady">Its requests until then.</param>
/// <param name="Idle">Its requests in the time after.</param>
/// <param name="PeakMemory">The most resident memory, in bytes.</param>
/// <param name="CpuUntilReady">Processor time until all were Ready.</param>
/// <param name="Cpu">Processor time until the end of the rest.</param>
/// <param name="Reactions">How soon changes after that show their effect.</param>
public sealed record BenchmarkResult(
    TimeSpan Elapsed,
    IReadOnlyList<AuditEntry> UntilReady,
    IReadOnlyList<AuditEntry> Idle,
    long PeakMemory,
    TimeSpan CpuUntilReady,
    TimeSpan Cpu,
    Reactions Reactions);
