namespace ServiceProviderOcm.Core.Report;

/// <summary>The result of a report.</summary>
/// <param name="IsWritten">Whether the status was written.</param>
/// <param name="RequeueAfter">When to report again; zero if nothing is debounced.</param>
public readonly record struct ReportResult(bool IsWritten, TimeSpan RequeueAfter)
{
    /// <summary>There was nothing to write.</summary>
    public static readonly ReportResult Unchanged = new(IsWritten: false, TimeSpan.Zero);

    /// <summary>The status was written.</summary>
    public static readonly ReportResult Written = new(IsWritten: true, TimeSpan.Zero);

    /// <summary>The report is debounced.</summary>
    public static ReportResult Debounced(TimeSpan rest) => new(IsWritten: false, rest);
}
