namespace ServiceProviderOcm.Tests.Monitoring;

/// <summary>What a program printed.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">Standard error.</param>
internal sealed record ToolResult(int Code, string Output, string Errors)
{
    /// <summary>All that it printed, for a message.</summary>
    public override string ToString() => $"exit code {Code}\n{Output}{Errors}";
}
