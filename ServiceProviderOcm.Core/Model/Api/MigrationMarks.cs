using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model.Api;

/// <summary>
/// The values of <see cref="ObjectNames.MigrationAnnotation"/>: an object that is migrated to another API group names that group and, once
/// it is copied, the uid of the copy. The copy names where it comes from and, until that uid is written, that it is held.
/// </summary>
public static class MigrationMarks
{
    private const string To = "to=";
    private const string From = "from=";
    private const string Uid = ",uid=";
    private const string Held = ",held";

    /// <summary>The value on an object that is migrated to a group.</summary>
    /// <param name="target">The group.</param>
    /// <param name="copyUid">The uid of the copy; null if it is not known to exist.</param>
    public static string MovesTo(ProviderApi target, string? copyUid = null) => To + target.Group + (copyUid is null ? "" : Uid + copyUid);

    /// <summary>The value on the copy of an object of a group.</summary>
    /// <param name="source">The group.</param>
    /// <param name="isHeld">Whether the copy is not reconciled yet.</param>
    public static string ComesFrom(ProviderApi source, bool isHeld = false) => From + source.Group + (isHeld ? Held : "");

    /// <summary>Whether an OCM is migrated to another group, and not reconciled in its own any more.</summary>
    public static bool IsMoving(KubeObject ocm, ProviderApi api) => Operation.IsIgnore(ocm) && Value(ocm, api).StartsWith(To, StringComparison.Ordinal);

    /// <summary>Whether an OCM is the copy of one of another group, and the migration is not complete.</summary>
    public static bool HasArrived(KubeObject ocm, ProviderApi api) => Value(ocm, api).StartsWith(From, StringComparison.Ordinal);

    /// <summary>Whether a copy is not reconciled yet, so that its deletion cannot pass unseen.</summary>
    public static bool IsHeld(KubeObject copy, ProviderApi api) =>
        Operation.IsIgnore(copy) && HasArrived(copy, api) && Value(copy, api).EndsWith(Held, StringComparison.Ordinal);

    /// <summary>The group that an object is migrated to; empty if to none.</summary>
    public static string Target(KubeObject found, ProviderApi api) =>
        Value(found, api) is var value && value.StartsWith(To, StringComparison.Ordinal) ? value[To.Length..].Split(',')[0] : "";

    /// <summary>The uid of the copy of an OCM that is migrated; empty if it is not copied.</summary>
    public static string CopyUid(KubeObject ocm, ProviderApi api) =>
        Value(ocm, api) is var value && value.StartsWith(To, StringComparison.Ordinal)
            && value.IndexOf(Uid, StringComparison.Ordinal) is >= 0 and var index
            ? value[(index + Uid.Length)..]
            : "";

    private static string Value(KubeObject ocm, ProviderApi api) =>
        ocm.Annotations.GetValueOrDefault(ObjectNames.MigrationAnnotation(api), "");
}
