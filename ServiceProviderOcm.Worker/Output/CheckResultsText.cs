using System.Globalization;
using System.Text;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Tools.Check;

namespace ServiceProviderOcm.Worker.Output;

/// <summary>Check results as text, each with its fix.</summary>
internal static class CheckResultsText
{
    private const string NoColour = "\e[0m";

    public static string Of(IReadOnlyList<CheckResult> results, Terminal terminal)
    {
        var text = new StringBuilder();
        foreach (var result in results)
        {
            var mark = terminal.IsRich ? Coloured(result.Status) : Word(result.Status).PadRight(4);
            text.Append(mark).Append(' ').Append(PrintableText.OneLine(result.Name)).Append(": ").AppendLine(PrintableText.OneLine(result.Message));
            if (result.Fix is { Length: > 0 } fix)
            {
                text.Append(' ', terminal.IsRich ? 2 : 5).Append("Fix: ").AppendLine(PrintableText.OneLine(fix));
            }
        }

        return text.AppendLine().Append(Summary(results)).ToString();
    }

    private static string Word(CheckStatus status) => status switch
    {
        CheckStatus.Ok => "ok",
        CheckStatus.Warning => "warn",
        CheckStatus.Failed => "FAIL",
        _ => "skip",
    };

    private static string Coloured(CheckStatus status) => status switch
    {
        CheckStatus.Ok => $"\e[32m✓{NoColour}",
        CheckStatus.Warning => $"\e[33m!{NoColour}",
        CheckStatus.Failed => $"\e[31m✗{NoColour}",
        _ => "-",
    };

    private static string Summary(IReadOnlyList<CheckResult> results)
    {
        List<string> parts = [];
        Add(CheckStatus.Failed, "failed");
        Add(CheckStatus.Warning, "with a warning");
        Add(CheckStatus.Skipped, "skipped");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{results.Count} checks: {(parts.Count == 0 ? "all passed" : string.Join(", ", parts))}.");

        void Add(CheckStatus status, string word)
        {
            if (results.Count(result => result.Status == status) is > 0 and var count)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {word}"));
            }
        }
    }
}
