namespace ServiceProviderOcm.Core.Model;

/// <summary>A limit that an OCM is beyond.</summary>
/// <param name="Name">Its name in metrics.</param>
/// <param name="Setting">The setting, as a flag; empty if there is none.</param>
/// <param name="Limit">The limit.</param>
/// <param name="Actual">The actual value.</param>
public sealed record ExceededLimit(string Name, string Setting, long Limit, long Actual)
{
    /// <summary>What is counted, such as <c>OCMs</c>, if the limit is that of all namespaces together; null if it is that of one.</summary>
    public string? TotalUnit { get; init; }

    /// <summary>Whether it is a limit of OCMs that cannot be read; <see cref="Actual"/> is the number of these in one namespace.</summary>
    public bool IsOfUnreadable { get; init; }
}
