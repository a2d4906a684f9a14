namespace ServiceProviderOcm.Core.Model;

/// <summary>A limit that an OCM is beyond.</summary>
/// <param name="Name">Its name in metrics.</param>
/// <param name="Setting">The setting, as a flag.</param>
/// <param name="Limit">The limit.</param>
/// <param name="Actual">The actual value.</param>
public sealed record ExceededLimit(string Name, string Setting, long Limit, long Actual)
{
    /// <summary>What is counted, such as <c>OCMs</c>, if the limit is that of all namespaces together; null if it is that of one.</summary>
    public string? TotalUnit { get; init; }
}
