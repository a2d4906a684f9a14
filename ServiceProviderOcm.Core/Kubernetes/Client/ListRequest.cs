namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>Which objects to list.</summary>
/// <param name="Namespace">Only in this namespace; null for all.</param>
/// <param name="LabelSelector">Such as <c>a=b,c</c>; null for no restriction.</param>
/// <param name="FieldSelector">Such as <c>metadata.name=x</c>; null for no restriction.</param>
/// <param name="Limit">The most objects in one page.</param>
/// <param name="Continue">Where the page before ended (<see cref="ListPage.Continue"/>); null for the first page.</param>
public sealed record ListRequest(
    string? Namespace = null, string? LabelSelector = null, string? FieldSelector = null, int Limit = 500, string? Continue = null)
{
    /// <summary>Whether only the metadata is read.</summary>
    public bool IsMetadataOnly { get; init; }

    /// <summary>What the answer is charged to; null for no limit but that of one answer.</summary>
    public TrafficBudget? Budget { get; init; }
}
