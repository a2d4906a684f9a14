using System.Text;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Tools.Cleanup;

namespace ServiceProviderOcm.Worker.Output;

/// <summary>Results of <c>cleanup</c> as a table, one line per object; empty without results.</summary>
internal static class CleanupTable
{
    private const string Gap = "   ";

    private static readonly string[] Header = ["TENANT NAMESPACE", "OCM", "KIND", "NAME", "RESULT", "MESSAGE"];

    public static string Of(IReadOnlyList<CleanupResult> results)
    {
        if (results.Count == 0)
        {
            return "";
        }

        var rows = results.SelectMany(Rows).Prepend(Header).ToList();
        var widths = Enumerable.Range(0, Header.Length).Select(column => rows.Max(row => row[column].Length)).ToList();
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            text.AppendLine(string.Join(Gap, row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }

        return text.ToString();
    }

    private static IEnumerable<string[]> Rows(CleanupResult result) => result.Tenant.Objects.Select(each => (string[])
    [
        result.Tenant.Namespace,
        result.Tenant.Ocm?.ToString() ?? "-",
        each.Kind.Kind,
        each.Observed.Name,
        result.Outcome.ToString(),
        PrintableText.OneLine(result.Message),
    ]);
}
