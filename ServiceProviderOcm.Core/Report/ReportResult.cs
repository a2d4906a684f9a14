namespace ServiceProviderOcm.Core.Report;

/// <summary>What became of a report.</summary>
/// <param name="IsWritten">Whether the status was written.</param>
/// <param name="RequeueAfter">When to try again with what is true then; zero if nothing is debounced.</param>
public readonly record struct ReportResult(bool IsWritten, TimeSpan RequeueAfter)
{
    /// <summary>There was nothing to write.</summary>
    public static readonly ReportResult Unchanged = new(IsWritten: false, TimeSpan.Zero);

    /// <summary>The status was written.</summary>
    public static readonly ReportResult Written = new(IsWritten: true, TimeSpan.Zero);

    /// <summary>The report has to hold for a while before it is written.</summary>
    public static ReportResult Debounced(TimeSpan rest) => new(IsWritten: false, rest);
}
