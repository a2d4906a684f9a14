using System.Globalization;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Bench;

/// <summary>Prints a result as Markdown, beside a baseline if there is one.</summary>
public static class BenchmarkTable
{
    /// <summary>Prints the figures, then the requests by verb and resource.</summary>
    public static void Print(TextWriter output, BenchmarkResult result, Baseline? baseline)
    {
        if (result.Attacks.Count > 0)
        {
            HostileTable.Print(output, result.Attacks);
            return;
        }

        Header(output, baseline is null ? ["measure", "budget", "result"] : ["measure", "budget", "result", "baseline", "ratio"]);
        Row(output, ["tenants", "", $"{result.Tenants}", .. baseline is null ? Array.Empty<string>() : [$"{baseline.Tenants}", ""]]);
        foreach (var measure in result.Measures)
        {
            Row(output, [measure.Name, measure.Budget, Text(measure, measure.Value), .. Compared(measure, baseline)]);
        }

        foreach (var measure in baseline?.PerAdditionalTenant(result) ?? [])
        {
            Row(output, [measure.Name, measure.Budget, Text(measure, measure.Value), "", ""]);
        }

        foreach (var (phase, entries) in result.Requests)
        {
            output.WriteLine();
            Header(output, [phase, "requests", "per tenant"]);
            foreach (var group in ByVerb(entries).Append((Name: "all", Count: entries.Count)))
            {
                Row(output, [group.Name, $"{group.Count}", ((double)group.Count / result.Tenants).ToString("0.00", CultureInfo.InvariantCulture)]);
            }
        }
    }

    private static IEnumerable<string> Compared(Measure measure, Baseline? baseline) =>
        baseline is null ? []
        : !baseline.TryGet(measure.Name, out var before) ? ["", ""]
        : [Text(measure, before), before == 0 ? "" : (measure.Value / before).ToString("0.00", CultureInfo.InvariantCulture)];

    private static string Text(Measure measure, double value) => value.ToString($"F{measure.Decimals}", CultureInfo.InvariantCulture);

    private static IEnumerable<(string Name, int Count)> ByVerb(IEnumerable<AuditEntry> entries) => entries
        .GroupBy(entry => $"{entry.Verb} {entry.Resource}{(entry.Subresource.Length > 0 ? "/" : "")}{entry.Subresource}")
        .OrderBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => (group.Key, group.Count()));

    private static void Header(TextWriter output, IReadOnlyList<string> names)
    {
        Row(output, names);
        Row(output, [.. names.Select(_ => "---")]);
    }

    private static void Row(TextWriter output, IEnumerable<string> cells) => output.WriteLine($"| {string.Join(" | ", cells)} |");
}
