using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Bench;

/// <summary>The figures of a benchmark, and the requests behind them.</summary>
/// <param name="Scenario">Such as <c>install</c>.</param>
/// <param name="Tenants">The number of tenants.</param>
/// <param name="Measures">The figures, in the order of docs/performance.md.</param>
/// <param name="Requests">Requests of the controller by phase of the benchmark.</param>
public sealed record BenchmarkResult(
    string Scenario,
    int Tenants,
    IReadOnlyList<Measure> Measures,
    IReadOnlyList<(string Phase, IReadOnlyList<AuditEntry> Entries)> Requests)
{
    /// <summary>The results of single attacks, if the benchmark has any.</summary>
    internal IReadOnlyList<AttackResult> Attacks { get; init; } = [];

    /// <summary>The figures that exceed their budgets.</summary>
    public IEnumerable<Measure> Missed => Measures.Where(measure => measure.IsMissed);
}
