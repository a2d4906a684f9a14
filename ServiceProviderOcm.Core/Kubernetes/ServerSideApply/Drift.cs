using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.ServerSideApply;

/// <summary>
/// How an object differs from its manifest. What the manifest has must be the same in the object: values by value, lists element by element.
/// What only the object has is removed if a field manager has written it; fields without a manager are server defaults. Labels, annotations
/// and finalizers of others stay.
/// </summary>
/// <param name="NeedsApply">Whether the manifest must be applied, since a field is missing or different.</param>
/// <param name="Removal">
/// What must be removed first. Server-side apply keeps fields of other managers; servers as old as 1.20 do not remove the provider's own
/// fields correctly (they set the parent of the last field to null).
/// </param>
/// <remarks>
/// Lists count as one field, which is what they are to server-side apply where their schema does not say <c>set</c> or <c>map</c>. Of the
/// lists in the managed kinds' desired state, none does; <c>metadata.finalizers</c> is a set.
/// </remarks>
public sealed record Drift(bool NeedsApply, FieldRemoval Removal)
{
    /// <summary>Whether there is no drift.</summary>
    public bool IsNone => !NeedsApply && Removal.IsEmpty;

    /// <summary>Compares an object with its manifest.</summary>
    /// <param name="desired">The manifest.</param>
    /// <param name="observed">The object.</param>
    /// <param name="rules">What is known of the kind and the server.</param>
    public static Drift Between(KubeObject desired, KubeObject observed, DriftRules rules) =>
        DriftWalk.Compare(desired, observed, rules).Drift;
}
