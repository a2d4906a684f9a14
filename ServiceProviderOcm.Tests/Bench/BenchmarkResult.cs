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
    IReadOnlyList<(string Phase, IReadOnlyList<AuditEntry> Entries)> Requests);
