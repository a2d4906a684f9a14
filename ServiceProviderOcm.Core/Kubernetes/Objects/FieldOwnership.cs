namespace ServiceProviderOcm.Core.Kubernetes.Objects;

/// <summary>
/// The fields of an object's desired state that somebody has claimed by writing them, as <c>managedFields</c> records it:
/// fields that the server filled in with defaults belong to nobody and are not listed. Field paths are property names from
/// the root.
/// </summary>
/// <param name="Ours">Fields that our field manager owns.</param>
/// <param name="Foreign">Fields that anybody else owns; a field can be both.</param>
public sealed record FieldOwnership(IReadOnlyList<IReadOnlyList<string>> Ours, IReadOnlyList<IReadOnlyList<string>> Foreign)
{
    /// <summary>Nothing known.</summary>
    public static readonly FieldOwnership None = new([], []);
}
