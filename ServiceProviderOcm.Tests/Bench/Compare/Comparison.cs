using System.Globalization;
using System.Reflection;
using ServiceProviderOcm.Tests.Peers.Processes;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Bench.Compare;

/// <summary>Measures the Go provider and this one, one after the other, and writes the table of docs/comparison.md.</summary>
public static class Comparison
{
    /// <summary>The exit code if a program is missing.</summary>
    public const int Unavailable = 3;

    private const int Usage = 2;

    /// <summary>Runs the command.</summary>
    /// <param name="binaries">Where the Go provider is.</param>
    /// <param name="commandLine">The command line, without the command.</param>
    /// <param name="errors">Where errors and progress go.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        PeerBinaries binaries, IEnumerable<string> commandLine, TextWriter errors, CancellationToken cancellationToken)
    {
        if (!ComparisonArguments.TryParse(commandLine, out var arguments))
        {
            await errors.WriteLineAsync(ComparisonArguments.Usage);
            return Usage;
        }

        if (binaries.MissingReason(Peer.GoProvider) is { } reason)
        {
            await errors.WriteLineAsync($"compare: {reason}. Put the Go provider's program into a folder, and set {PeerBinaries.Variable} to it");
            return Unavailable;
        }

        var document = await File.ReadAllTextAsync(arguments.File, cancellationToken);
        MarkedSection.Replace(document, "");
        await errors.WriteLineAsync($"compare: {arguments.Tenants} tenants, Go provider {arguments.GoVersion}");
        var go = await ComparisonRun.MeasureAsync(
            arguments.Tenants, arguments.Idle, world => new GoPeer(binaries, world).Run(), cancellationToken);
        await errors.WriteLineAsync($"compare: {arguments.Tenants} tenants, this controller");
        var own = await ComparisonRun.MeasureAsync(
            arguments.Tenants, arguments.Idle, world => world.StartWorker(), cancellationToken);
        var section = ComparisonTable.Render(Introduction(arguments), arguments.Tenants, go, own);
        await File.WriteAllTextAsync(arguments.File, MarkedSection.Replace(document, section), cancellationToken);
        await errors.WriteLineAsync($"compare: {arguments.File} is written");
        return 0;
    }

    private static string Introduction(ComparisonArguments arguments)
    {
        var version = typeof(WorkerProcess).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        var now = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return $"Measured by `scripts/compare` on {now} with {arguments.Tenants} tenants, which are created at once: Go provider "
            + $"{arguments.GoVersion} and this controller {version}, on new API servers of the same version, with the same stand-in for Flux.\n"
            + "One run; CI does not reproduce it.";
    }
}
