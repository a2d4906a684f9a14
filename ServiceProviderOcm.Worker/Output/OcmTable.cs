using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Tools.Status;

namespace ServiceProviderOcm.Worker.Output;

/// <summary>OCMs as lines of a table.</summary>
/// <param name="width">How many characters a line may have; null if there is no limit.</param>
/// <param name="ellipsis">What stands for the part of a line that has been cut off.</param>
/// <param name="time">Clock.</param>
/// <param name="isWide">Whether there are more columns.</param>
internal sealed class OcmTable(int? width, string ellipsis, TimeProvider time, bool isWide = false)
{
    private const string Gap = "   ";
    private const string Nothing = "-";

    private static readonly string[] Narrow =
        ["NAMESPACE", "NAME", "VERSION", "REVISION", "PHASE", "SINCE", "TENANT NAMESPACE", "REASON", "MESSAGE"];

    private static readonly string[] Wide =
        ["NAMESPACE", "NAME", "VERSION", "REVISION", "PHASE", "SINCE", "AGE", "UPDATED", "CANARY", "TENANT NAMESPACE", "REASON", "MESSAGE"];

    private readonly string[] _header = isWide ? Wide : Narrow;
    private int[] _widths = [];

    /// <summary>The whole table.</summary>
    public IEnumerable<string> Lines(IReadOnlyList<OcmSummary> ocms)
    {
        var rows = ocms.Select(Cells).Prepend(_header).ToList();
        _widths = [.. Enumerable.Range(0, _header.Length).Select(column => rows.Max(row => row[column].Length))];
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
        OrNothing(PrintableText.OneLine(ocm.Revision)),
        OrNothing(PrintableText.OneLine(ocm.Phase)),
        AgeOf(ocm.Since),
        .. isWide ? [AgeOf(ocm.CreatedAt), BooleanOf(ocm.Update?.IsUpdated), BooleanOf(ocm.Update?.IsCanary)] : Array.Empty<string>(),
        ocm.TenantNamespace,
        OrNothing(PrintableText.OneLine(ocm.Reason)),
        ocm.IsReady ? "" : PrintableText.OneLine(ocm.Message),
    ];

    private string AgeOf(DateTimeOffset? moment) => moment is { } since ? Age.Of(time.GetUtcNow() - since) : Nothing;

    private static string BooleanOf(bool? value) => value switch
    {
        true => "True",
        false => "False",
        null => Nothing,
    };

    private static string OrNothing(string text) => text.Length == 0 ? Nothing : text;
}
