using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>Which objects of a kind an informer follows. Null means no restriction.</summary>
/// <param name="Namespace">Only in this namespace.</param>
/// <param name="LabelSelector">Such as <c>a=b</c>.</param>
/// <param name="FieldSelector">Such as <c>metadata.name=x</c>.</param>
/// <param name="NamePrefix">Only names that begin so; the server cannot select by that, so the informer does.</param>
public sealed record Selection(
    string? Namespace = null, string? LabelSelector = null, string? FieldSelector = null, string NamePrefix = "")
{
    /// <summary>All objects of the kind.</summary>
    public static readonly Selection Everything = new();

    /// <summary>The one object of this name.</summary>
    public static Selection Named(string name, string? ns = null) => new(ns, FieldSelector: $"metadata.name={name}");

    internal bool Includes(ObjectKey key) => key.Name.Length == 0 || key.Name.StartsWith(NamePrefix, StringComparison.Ordinal);
}
