using ServiceProviderOcm.Core.Tools.Check;

namespace ServiceProviderOcm.Worker.Output;

/// <summary>Check results as JSON.</summary>
internal static class CheckResultsJson
{
    public static string Of(IReadOnlyList<CheckResult> results) => JsonText.OfArray(results, (json, result) =>
    {
        json.WriteStartObject();
        json.WriteString("name", result.Name);
        json.WriteString("status", Word(result.Status));
        json.WriteString("message", result.Message);
        json.WriteString("fix", result.Fix.Length == 0 ? null : result.Fix);
        json.WriteEndObject();
    });

    private static string Word(CheckStatus status) => status switch
    {
        CheckStatus.Ok => "ok",
        CheckStatus.Warning => "warning",
        CheckStatus.Failed => "failed",
        _ => "skipped",
    };
}
