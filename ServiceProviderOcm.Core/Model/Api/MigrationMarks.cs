using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model.Api;

/// <summary>
/// The values of <see cref="ObjectNames.MigrationAnnotation"/> on OCMs: one that is migrated to another API group names that group, and
/// its copy in the other group names where it comes from.
/// </summary>
public static class MigrationMarks
{
    private const string To = "to=";
    private const string From = "from=";

    /// <summary>The value on an OCM that is migrated to a group.</summary>
    public static string MovesTo(ProviderApi target) => To + target.Group;

    /// <summary>The value on the copy of an OCM of a group.</summary>
    public static string ComesFrom(ProviderApi source) => From + source.Group;

    /// <summary>Whether an OCM is migrated to another group, and not reconciled in its own any more.</summary>
    public static bool IsMoving(KubeObject ocm, ProviderApi api) => Operation.IsIgnore(ocm) && Value(ocm, api).StartsWith(To, StringComparison.Ordinal);

    /// <summary>Whether an OCM is the copy of one of another group, and the migration is not complete.</summary>
    public static bool HasArrived(KubeObject ocm, ProviderApi api) => Value(ocm, api).StartsWith(From, StringComparison.Ordinal);

    private static string Value(KubeObject ocm, ProviderApi api) =>
        ocm.Annotations.GetValueOrDefault(ObjectNames.MigrationAnnotation(api), "");
}
