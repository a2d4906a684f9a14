using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>One page of a list.</summary>
/// <param name="Items">The objects of the page.</param>
/// <param name="ResourceVersion">The version of the whole list, to watch from.</param>
/// <param name="Continue">Where the next page begins, or null at the end.</param>
/// <param name="Server">Whose resourceVersion it is.</param>
public sealed record ListPage(
    IReadOnlyList<KubeObject> Items, string ResourceVersion, string? Continue = null, Uri? Server = null)
{
    /// <summary>The objects of the page that cannot be read.</summary>
    public IReadOnlyList<UnreadableObject> Unreadable { get; init; } = [];

    /// <summary>The size of the page as the server sent it.</summary>
    public long Bytes { get; init; }
}
