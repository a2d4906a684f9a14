namespace ServiceProviderOcm.Core.Model.States;

/// <summary>
/// The reasons of an OCM's VersionWarning condition and of the Events on it. <c>docs/conditions.md</c> has the cause and the fix of each.
/// </summary>
public static class VersionReasons
{
    /// <summary>The version is deprecated.</summary>
    public const string VersionDeprecated = "VersionDeprecated";

    /// <summary>The version is a tag that is likely to be moved to other charts.</summary>
    public const string MovingTag = "MovingTag";
}
