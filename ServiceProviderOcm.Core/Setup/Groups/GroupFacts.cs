namespace ServiceProviderOcm.Core.Setup.Groups;

/// <summary>What decides which API group is served.</summary>
/// <param name="ProviderName">The name of the provider.</param>
/// <param name="Setting">The configured group; empty if none is.</param>
/// <param name="Groups">The known groups.</param>
public sealed record GroupFacts(string ProviderName, string Setting, IReadOnlyList<GroupUse> Groups)
{
    /// <summary>The groups whose OCMs the ServiceProvider registers (<c>status.resources</c>).</summary>
    public IReadOnlyList<string> Registered { get; init; } = [];

    /// <summary>Why the ServiceProvider could not be read; empty if it could.</summary>
    public string RegistrationError { get; init; } = "";

    /// <summary>Whether more than one group has OCMs, or was served.</summary>
    public bool IsContested => Groups.Count(group => group.Ocms > 0 || group.IsRecorded) > 1;
}
