using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Setup.Groups;

/// <summary>What exists of one API group.</summary>
/// <param name="Api">The group.</param>
public sealed record GroupUse(ProviderApi Api)
{
    /// <summary>Whether the onboarding cluster serves its OCMs.</summary>
    public bool IsServed { get; init; }

    /// <summary>Why its OCMs are not known; empty if they are.</summary>
    public string Unlisted { get; init; } = "";

    /// <summary>The number of its OCMs, without those that a migration moves away or has brought.</summary>
    public int Ocms { get; init; }

    /// <summary>The number of its OCMs that <c>migrate</c> moves to another group.</summary>
    public int Moving { get; init; }

    /// <summary>The number of its OCMs that <c>migrate</c> has brought from another group.</summary>
    public int Arrived { get; init; }

    /// <summary>Whether it has a ProviderConfig of the provider's name.</summary>
    public bool HasProviderConfig { get; init; }
}
