using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Bench;

/// <summary>Writes the figures down as Markdown.</summary>
public static class BenchmarkTable
{
    public static void Print(TextWriter output, int tenants, TimeSpan rest, TimeSpan floor, BenchmarkResult result)
    {
        var writes = result.UntilReady.Count(entry => entry.IsProviderWrite());
        Row(output, "measure", "budget", "result");
        Row(output, "---", "---", "---");
        Row(output, "tenants", "", $"{tenants}");
        Row(output, "writes per tenant to Ready", "8", $"{(double)writes / tenants:0.00}");
        Row(output, $"requests in the {rest.TotalSeconds:0} s after", "0 but renewed watches", $"{result.Idle.Count}");
        Row(output, "seconds to all Ready, process start included", "", $"{result.Elapsed.TotalSeconds:0.00}");
        Row(output, "seconds of the floor", "", $"{floor.TotalSeconds:0.00}");
        Row(output, "ratio", "2", $"{result.Elapsed / floor:0.00}");
        Row(output, "peak resident memory, MiB", "", $"{result.PeakMemory / 1024.0 / 1024.0:0}");
        Row(output, "CPU seconds until Ready", "", $"{result.CpuUntilReady.TotalSeconds:0.0}");
        Row(output, $"CPU seconds in the {rest.TotalSeconds:0} s after", "", $"{(result.Cpu - result.CpuUntilReady).TotalSeconds:0.0}");
        Row(output, "ms until an edited `OCIRepository` is reverted", "1000", $"{result.Reactions.EditReverted.TotalMilliseconds:0}");
        Row(output, "ms until a deleted `HelmRelease` is created again", "1000", $"{result.Reactions.DeletionReverted.TotalMilliseconds:0}");
        Row(
            output,
            $"ms until a rotated image pull secret reaches the last of {tenants} tenants",
            "1000",
            $"{result.Reactions.RotationOfAll.TotalMilliseconds:0}");
        output.WriteLine();

        Row(output, "until Ready", "requests", "per tenant");
        Row(output, "---", "---", "---");
        foreach (var group in ByVerb(result.UntilReady))
        {
            Row(output, group.Key, $"{group.Count()}", $"{(double)group.Count() / tenants:0.00}");
        }

        output.WriteLine();
        Row(output, $"requests in the {rest.TotalSeconds:0} s after", "requests");
        Row(output, "---", "---");
        foreach (var group in ByVerb(result.Idle))
        {
            Row(output, group.Key, $"{group.Count()}");
        }

        Row(output, "all", $"{result.Idle.Count}");
    }

    private static IOrderedEnumerable<IGrouping<string, AuditEntry>> ByVerb(IEnumerable<AuditEntry> entries) => entries
        .GroupBy(entry => $"{entry.Verb} {entry.Resource}{(entry.Subresource.Length > 0 ? "/" : "")}{entry.Subresource}")
        .OrderBy(group => group.Key, StringComparer.Ordinal);

    private static void Row(TextWriter output, params string[] cells) => output.WriteLine($"| {string.Join(" | ", cells)} |");
}
