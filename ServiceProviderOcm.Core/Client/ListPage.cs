using ServiceProviderOcm.Core.Objects;

namespace ServiceProviderOcm.Core.Client;

/// <summary>One page of a list.</summary>
/// <param name="Items">The objects of the page.</param>
/// <param name="ResourceVersion">The version of the whole list, to watch from.</param>
/// <param name="Continue">Where the next page begins, or null at the end.</param>
/// <param name="RemainingItemCount">How many objects follow, where the server tells.</param>
public sealed record ListPage(
    IReadOnlyList<KubeObject> Items, string ResourceVersion, string? Continue = null, long? RemainingItemCount = null);
