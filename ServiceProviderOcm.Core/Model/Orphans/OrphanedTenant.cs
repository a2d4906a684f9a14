using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model.Orphans;

/// <summary>A tenant namespace with managed objects of an OCM that does not exist.</summary>
/// <param name="Namespace">The tenant namespace.</param>
/// <param name="Ocm">The OCM that does not exist; null if the objects do not say which it was.</param>
/// <param name="Objects">Its managed objects in the tenant namespace, in the order of their deletion.</param>
public sealed record OrphanedTenant(string Namespace, ObjectKey? Ocm, IReadOnlyList<ManagedObject> Objects)
{
    /// <summary>The reason of the Event and of the line in the output of <c>status</c>.</summary>
    public const string Reason = "OrphanedObjects";

    /// <summary>The namespace of the OCM on the onboarding cluster, as the objects say; empty if they do not. It is no proof.</summary>
    public string OnboardingNamespace { get; init; } = "";

    /// <summary>What is wrong, and what to do.</summary>
    public string Message =>
        $"{(Ocm is { } ocm ? $"OCM {ocm}" : $"The OCM of tenant namespace {Namespace}")} does not exist, but its objects do: "
            + $"{string.Join(", ", Objects)}. A platform operator must create the OCM again, or delete the objects with `cleanup`.";
}
