namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>Checks the permissions that the API server reports. Pure.</summary>
internal static class PermissionCheck
{
    /// <param name="name">The result's name.</param>
    /// <param name="clusterName">Where.</param>
    /// <param name="needed">What is needed.</param>
    /// <param name="missing">The verbs that are not allowed.</param>
    /// <param name="fix">How to get the permission.</param>
    public static CheckResult Of(string name, string clusterName, RequiredPermission needed, IReadOnlyList<string> missing, string fix) =>
        missing.Count == 0
            ? CheckResult.Ok(name, string.Join(", ", needed.Rule.Verbs))
            : CheckResult.Failed(name, $"Missing permission on the {clusterName}: {string.Join(", ", missing)} {needed.Subject}.", fix);
}
