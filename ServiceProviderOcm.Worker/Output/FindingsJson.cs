using ServiceProviderOcm.Core.Tools.Check;

namespace ServiceProviderOcm.Worker.Output;

/// <summary>Findings for programs.</summary>
internal static class FindingsJson
{
    public static string Of(IReadOnlyList<Finding> findings) => JsonText.OfArray(findings, (json, finding) =>
    {
        json.WriteStartObject();
        json.WriteString("name", finding.Name);
        json.WriteString("status", Word(finding.Status));
        json.WriteString("message", finding.Message);
        json.WriteString("cure", finding.Cure);
        json.WriteEndObject();
    });

    private static string Word(FindingStatus status) => status switch
    {
        FindingStatus.Ok => "ok",
        FindingStatus.Warning => "warning",
        FindingStatus.Failed => "failed",
        _ => "skipped",
    };
}
