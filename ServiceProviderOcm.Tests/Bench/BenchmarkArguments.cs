using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ServiceProviderOcm.Tests.Bench;

/// <summary>The command line of scripts/bench.</summary>
/// <param name="Scenario">Such as <c>install</c>.</param>
/// <param name="Tenants">The number of tenants.</param>
/// <param name="Duration">How long to count requests of the idle process; how long each attack lasts.</param>
/// <param name="Only">Only attacks whose name contains this text.</param>
/// <param name="Size">The overlay in <c>deploy/</c> whose limits hold during attacks; empty for those of the base.</param>
/// <param name="BaselineFile">The result file to compare with; empty if none.</param>
/// <param name="ResultFile">Where to write the result.</param>
public sealed record BenchmarkArguments(
    string Scenario, int Tenants, TimeSpan Duration, string Only, string Size, string BaselineFile, string ResultFile)
{
    /// <summary>The form of the command line.</summary>
    public const string Usage = "usage: bench [install|restart|deletion|rotation|change|rollout|churn|hostile] [TENANTS [SECONDS]] "
        + "[--compare FILE] [--output FILE] [--only TEXT] [--size OVERLAY]";

    private const string Install = "install";

    // The number of tenants and of seconds, unless they are given.
    private static readonly Dictionary<string, (int Tenants, int Seconds)> Scenarios = new(StringComparer.Ordinal)
    {
        [Install] = (200, 60),
        ["restart"] = (200, 60),
        ["deletion"] = (200, 0),
        ["rotation"] = (1000, 0),
        ["change"] = (200, 0),
        ["rollout"] = (1000, 0),
        ["churn"] = (10_000, 0),
        ["hostile"] = (4, 10),
    };

    /// <summary>Reads a command line, which begins with <c>bench</c>.</summary>
    public static bool TryParse(string[] arguments, [NotNullWhen(true)] out BenchmarkArguments? parsed)
    {
        parsed = null;
        var rest = new Queue<string>(arguments);
        if (!rest.TryDequeue(out var command) || command != "bench")
        {
            return false;
        }

        var scenario = rest.TryPeek(out var first) && Scenarios.ContainsKey(first) ? rest.Dequeue() : Install;
        if (!TryNumber(rest, Scenarios[scenario].Tenants, out var tenants) || !TryNumber(rest, Scenarios[scenario].Seconds, out var seconds))
        {
            return false;
        }

        var flags = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["--compare"] = "",
            ["--output"] = "",
            ["--only"] = "",
            ["--size"] = "",
        };
        while (rest.TryDequeue(out var flag))
        {
            if (!flags.ContainsKey(flag) || !rest.TryDequeue(out var value))
            {
                return false;
            }

            flags[flag] = value;
        }

        parsed = new BenchmarkArguments(
            scenario,
            tenants,
            TimeSpan.FromSeconds(seconds),
            flags["--only"],
            flags["--size"],
            flags["--compare"],
            flags["--output"] is { Length: > 0 } output ? output : Path.Combine("artifacts", "bench", $"{scenario}-{tenants}.json"));
        return true;
    }

    /// <summary>Runs the scenario.</summary>
    public Task<BenchmarkResult> RunAsync(CancellationToken cancellationToken) => Scenario switch
    {
        "restart" => Benchmark.RestartAsync(Tenants, Duration, cancellationToken),
        "deletion" => DeletionBenchmark.RunAsync(Tenants),
        "rotation" => RotationBenchmark.RunAsync(Tenants),
        "change" => ChangeBenchmark.RunAsync(Tenants),
        "rollout" => RolloutBenchmark.RunAsync(Tenants),
        "churn" => ChurnBenchmark.RunAsync(Tenants),
        "hostile" => HostileBenchmark.RunAsync(Tenants, Duration, Only, Size, cancellationToken),
        _ => Benchmark.InstallAsync(Tenants, Duration, cancellationToken),
    };

    // A number is optional; a flag may come in its place.
    private static bool TryNumber(Queue<string> rest, int otherwise, out int number)
    {
        number = otherwise;
        return !rest.TryPeek(out var text)
            || text.StartsWith("--", StringComparison.Ordinal)
            || int.TryParse(rest.Dequeue(), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
