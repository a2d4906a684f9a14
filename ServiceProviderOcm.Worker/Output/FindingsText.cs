using System.Globalization;
using System.Text;
using ServiceProviderOcm.Core.Tools.Check;
using ServiceProviderOcm.Worker.Logging;

namespace ServiceProviderOcm.Worker.Output;

/// <summary>Findings as a list for people, with the cure below what needs one.</summary>
internal static class FindingsText
{
    private const string NoColour = "\e[0m";

    public static string Of(IReadOnlyList<Finding> findings, Terminal terminal)
    {
        var text = new StringBuilder();
        foreach (var finding in findings)
        {
            var mark = terminal.IsRich ? Coloured(finding.Status) : Word(finding.Status).PadRight(4);
            text.Append(mark).Append(' ').Append(finding.Name).Append(": ").AppendLine(OneLine.Of(finding.Message));
            if (finding.Cure is { } cure)
            {
                text.Append(' ', terminal.IsRich ? 2 : 5).Append("Cure: ").AppendLine(OneLine.Of(cure));
            }
        }

        return text.AppendLine().Append(Summary(findings)).ToString();
    }

    private static string Word(FindingStatus status) => status switch
    {
        FindingStatus.Ok => "ok",
        FindingStatus.Warning => "warn",
        FindingStatus.Failed => "FAIL",
        _ => "skip",
    };

    private static string Coloured(FindingStatus status) => status switch
    {
        FindingStatus.Ok => $"\e[32m✓{NoColour}",
        FindingStatus.Warning => $"\e[33m!{NoColour}",
        FindingStatus.Failed => $"\e[31m✗{NoColour}",
        _ => "-",
    };

    private static string Summary(IReadOnlyList<Finding> findings)
    {
        List<string> parts = [];
        Add(FindingStatus.Failed, "failed");
        Add(FindingStatus.Warning, "with a warning");
        Add(FindingStatus.Skipped, "skipped");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{findings.Count} checks: {(parts.Count == 0 ? "all is well" : string.Join(", ", parts))}.");

        void Add(FindingStatus status, string word)
        {
            if (findings.Count(finding => finding.Status == status) is > 0 and var count)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {word}"));
            }
        }
    }
}
