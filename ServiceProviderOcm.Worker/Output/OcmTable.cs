using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Tools.Status;

namespace ServiceProviderOcm.Worker.Output;

/// <summary>OCMs as lines of a table.</summary>
/// <param name="width">How many characters a line may have; null if there is no limit.</param>
/// <param name="ellipsis">What stands for the part of a line that has been cut off.</param>
/// <param name="time">Clock.</param>
internal sealed class OcmTable(int? width, string ellipsis, TimeProvider time)
{
    private const string Gap = "   ";
    private const string Nothing = "-";

    private static readonly string[] Header = ["NAMESPACE", "NAME", "VERSION", "PHASE", "SINCE", "TENANT NAMESPACE", "REASON", "MESSAGE"];

    private int[] _widths = [.. Header.Select(title => title.Length)];

    /// <summary>The whole table.</summary>
    public IEnumerable<string> Lines(IReadOnlyList<OcmSummary> ocms)
    {
        var rows = ocms.Select(Cells).Prepend(Header).ToList();
        _widths = [.. Enumerable.Range(0, Header.Length).Select(column => rows.Max(row => row[column].Length))];
        return rows.Select(Line);
    }

    /// <summary>One more line, its columns below those of the table.</summary>
    public string Line(OcmSummary ocm) => Line(Cells(ocm));

    private string Line(string[] cells)
    {
        var line = string.Join(Gap, cells.Select((cell, column) => cell.PadRight(_widths[column]))).TrimEnd();
        return width is { } limit && line.Length > limit ? line[..Math.Max(0, limit - ellipsis.Length)] + ellipsis : line;
    }

    private string[] Cells(OcmSummary ocm) =>
    [
        PrintableText.OneLine(ocm.Key.Namespace),
        PrintableText.OneLine(ocm.Key.Name),
        OrNothing(PrintableText.OneLine(ocm.Version)),
        OrNothing(PrintableText.OneLine(ocm.Phase)),
        ocm.Since is { } since ? Age.Of(time.GetUtcNow() - since) : Nothing,
        ocm.TenantNamespace,
        OrNothing(PrintableText.OneLine(ocm.Reason)),
        ocm.IsReady ? "" : PrintableText.OneLine(ocm.Message),
    ];

    private static string OrNothing(string text) => text.Length == 0 ? Nothing : text;
}
