using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ServiceProviderOcm.Tests.Bench;

/// <summary>The command line of scripts/bench.</summary>
/// <param name="Scenario"><c>install</c> or <c>restart</c>.</param>
/// <param name="Tenants">The number of tenants.</param>
/// <param name="Idle">How long to count requests of the idle process.</param>
/// <param name="BaselineFile">The result file to compare with; empty if none.</param>
/// <param name="ResultFile">Where to write the result.</param>
public sealed record BenchmarkArguments(string Scenario, int Tenants, TimeSpan Idle, string BaselineFile, string ResultFile)
{
    /// <summary>The form of the command line.</summary>
    public const string Usage = "usage: bench [install|restart] [TENANTS [IDLE-SECONDS]] [--compare FILE] [--output FILE]";

    private const string Install = "install";
    private const string Restart = "restart";

    /// <summary>Reads a command line, which begins with <c>bench</c>.</summary>
    public static bool TryParse(string[] arguments, [NotNullWhen(true)] out BenchmarkArguments? parsed)
    {
        parsed = null;
        var rest = new Queue<string>(arguments);
        if (!rest.TryDequeue(out var command) || command != "bench")
        {
            return false;
        }

        var scenario = rest.TryPeek(out var first) && first is Install or Restart ? rest.Dequeue() : Install;
        if (!TryNumber(rest, 200, out var tenants) || !TryNumber(rest, 60, out var seconds))
        {
            return false;
        }

        var (baseline, result) = ("", "");
        while (rest.TryDequeue(out var flag))
        {
            if (flag is not ("--compare" or "--output") || !rest.TryDequeue(out var file))
            {
                return false;
            }

            (baseline, result) = flag == "--compare" ? (file, result) : (baseline, file);
        }

        parsed = new BenchmarkArguments(
            scenario,
            tenants,
            TimeSpan.FromSeconds(seconds),
            baseline,
            result.Length > 0 ? result : Path.Combine("artifacts", "bench", $"{scenario}-{tenants}.json"));
        return true;
    }

    /// <summary>Runs the scenario.</summary>
    public Task<BenchmarkResult> RunAsync(CancellationToken cancellationToken) => Scenario == Restart
        ? Benchmark.RestartAsync(Tenants, Idle, cancellationToken)
        : Benchmark.InstallAsync(Tenants, Idle, cancellationToken);

    // A number is optional; a flag may come in its place.
    private static bool TryNumber(Queue<string> rest, int otherwise, out int number)
    {
        number = otherwise;
        return !rest.TryPeek(out var text)
            || text.StartsWith("--", StringComparison.Ordinal)
            || int.TryParse(rest.Dequeue(), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
