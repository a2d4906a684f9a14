namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>Judges what the API server says about permissions. Pure.</summary>
internal static class PermissionFindings
{
    /// <param name="name">The finding's name.</param>
    /// <param name="clusterName">Where.</param>
    /// <param name="needed">What is needed.</param>
    /// <param name="missing">The verbs that are not allowed.</param>
    /// <param name="cure">How to come by the permission.</param>
    public static Finding Of(string name, string clusterName, NeededPermission needed, IReadOnlyList<string> missing, string cure) =>
        missing.Count == 0
            ? Finding.Ok(name, string.Join(", ", needed.Rule.Verbs))
            : Finding.Failed(name, $"May not {string.Join(", ", missing)} {needed.Subject} on the {clusterName}.", cure);
}
