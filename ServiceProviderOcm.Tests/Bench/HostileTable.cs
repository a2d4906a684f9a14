using System.Globalization;

namespace ServiceProviderOcm.Tests.Bench;

/// <summary>Prints what attacks did as Markdown, a row each.</summary>
internal static class HostileTable
{
    public static void Print(TextWriter output, IEnumerable<AttackResult> results)
    {
        output.WriteLine(
            "| attack | spec → applied, ms: p50 / p99 / max | Flux Ready → Ready, ms: p50 / p99 / max | changes | API server accepts, ms: p99 | API server sends, ms: p50 / p99 / max "
            + "| VmHWM, MiB | CPU, s | slowest `/healthz`, ms | result |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var result in results)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {result.Name} | {Text(result.Latencies.Applied)} | {Text(result.Latencies.Ready)} | {result.Latencies.Applied.Count} "
                + $"| {result.Latencies.Server.Quantile(0.99):0} | {Text(result.Latencies.Watch)} | {result.PeakResident:0} | {result.Cpu.TotalSeconds:0.0} "
                + $"| {result.SlowestProbe.TotalMilliseconds:0} | {(result.Missed.Count == 0 ? "pass" : $"missed: {string.Join(", ", result.Missed)}")} |"));
        }
    }

    private static string Text(Latencies latencies) => string.Create(
        CultureInfo.InvariantCulture, $"{latencies.Quantile(0.5):0} / {latencies.Quantile(0.99):0} / {latencies.Max:0}");
}
