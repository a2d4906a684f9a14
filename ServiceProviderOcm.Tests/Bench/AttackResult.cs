namespace ServiceProviderOcm.Tests.Bench;

/// <summary>What an attack did to others.</summary>
/// <param name="Name">The attack.</param>
/// <param name="Latencies">The latencies of well-behaved tenants during the attack.</param>
/// <param name="PeakResident">The most resident memory of the Worker, in MiB.</param>
/// <param name="MemoryLimit">The most that it may have, in MiB.</param>
/// <param name="Cpu">Processor time of the Worker.</param>
/// <param name="SlowestProbe">The slowest answer of <c>/healthz</c>.</param>
/// <param name="Losses">What must not happen and did: a failed probe, a lost Lease, a restart.</param>
internal sealed record AttackResult(
    string Name,
    NeighbourLatencies Latencies,
    double PeakResident,
    long MemoryLimit,
    TimeSpan Cpu,
    TimeSpan SlowestProbe,
    IReadOnlyList<string> Losses)
{
    private const double LatencyTarget = 2_000;

    /// <summary>The targets that are missed.</summary>
    public IReadOnlyList<string> Missed =>
    [
        .. Latencies.Applied.Count == 0 || !(Latencies.Applied.Quantile(0.99) < LatencyTarget) ? ["applied"] : Array.Empty<string>(),
        .. Latencies.Ready.Count == 0 || !(Latencies.Ready.Quantile(0.99) < LatencyTarget) ? ["Ready"] : Array.Empty<string>(),
        .. PeakResident > MemoryLimit ? ["memory"] : Array.Empty<string>(),
        .. Losses,
    ];

    /// <summary>The figures, for comparison with other runs.</summary>
    public IEnumerable<Measure> Measures() =>
    [
        new($"{Name}: ms until applied, p99", Latencies.Applied.Quantile(0.99), 0, "2000"),
        new($"{Name}: ms until Ready, p99", Latencies.Ready.Quantile(0.99), 0, "2000"),
        new($"{Name}: peak resident memory, MiB", PeakResident, 0, $"{MemoryLimit}"),
        new($"{Name}: probes, leases and processes lost", Losses.Count, 0, "0"),
    ];
}
