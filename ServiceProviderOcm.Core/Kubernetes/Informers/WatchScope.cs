using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>The objects of a kind that an informer watches. Null means no restriction.</summary>
/// <param name="Namespace">Only in this namespace.</param>
/// <param name="LabelSelector">Such as <c>a=b</c>.</param>
/// <param name="FieldSelector">Such as <c>metadata.name=x</c>.</param>
/// <param name="NamePrefix">Only names with this prefix. API servers cannot select by it, so the informer does.</param>
public sealed record WatchScope(
    string? Namespace = null, string? LabelSelector = null, string? FieldSelector = null, string NamePrefix = "")
{
    /// <summary>Whether only the objects' metadata is read.</summary>
    public bool IsMetadataOnly { get; init; }

    /// <summary>Only this name, which <see cref="FieldSelector"/> selects, too.</summary>
    public string? Name { get; private init; }

    /// <summary>All objects of the kind.</summary>
    public static readonly WatchScope Everything = new();

    /// <summary>The one object of this name.</summary>
    public static WatchScope Named(string name, string? ns = null) => new(ns, FieldSelector: $"metadata.name={name}") { Name = name };

    // A server may send what was not asked for. Bookmarks have no name.
    internal bool Includes(ObjectKey key) => key.Name.Length == 0
        || ((Namespace is null || key.Namespace == Namespace)
            && (Name is null || key.Name == Name)
            && key.Name.StartsWith(NamePrefix, StringComparison.Ordinal));
}
