using System.Globalization;

namespace ServiceProviderOcm.Tests.Bench;

/// <summary>One figure of a benchmark.</summary>
/// <param name="Name">What is measured, with its unit; a row of docs/performance.md.</param>
/// <param name="Value">The figure.</param>
/// <param name="Decimals">How many decimals are meaningful.</param>
/// <param name="Budget">The value that must not be exceeded; empty where there is none.</param>
public sealed record Measure(string Name, double Value, int Decimals = 0, string Budget = "")
{
    /// <summary>Whether the budget is a number that is exceeded.</summary>
    public bool IsMissed =>
        double.TryParse(Budget, NumberStyles.Float, CultureInfo.InvariantCulture, out var budget) && !(Value <= budget);

    /// <summary>The name of the most anonymous memory.</summary>
    public const string PeakAnonymous = "peak anonymous memory, MiB";

    /// <summary>The name of the processor time until all tenants are Ready.</summary>
    public const string CpuUntilReady = "CPU seconds until Ready";
}
