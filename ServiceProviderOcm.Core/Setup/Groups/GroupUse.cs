using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Setup.Groups;

/// <summary>What exists of one API group.</summary>
/// <param name="Api">The group.</param>
public sealed record GroupUse(ProviderApi Api)
{
    /// <summary>Whether the onboarding cluster serves its OCMs.</summary>
    public bool IsServed { get; init; }

    /// <summary>Why its OCMs were not listed; empty if they were.</summary>
    public string Unlisted { get; init; } = "";

    /// <summary>Why its objects could not be read, which says nothing about whether there are any; empty if they could.</summary>
    public string Error { get; init; } = "";

    /// <summary>The number of its OCMs, without those that a migration moves away or has brought.</summary>
    public int Ocms { get; init; }

    /// <summary>
    /// The number of these OCMs that a provider has reconciled in this group: those with an AccessRequest, which no tenant can create.
    /// Counted only if it matters.
    /// </summary>
    public int Installed { get; init; }

    /// <summary>The number of its OCMs that <c>migrate</c> moves to another group.</summary>
    public int Moving { get; init; }

    /// <summary>The number of its OCMs that <c>migrate</c> has brought from another group.</summary>
    public int Arrived { get; init; }

    /// <summary>Whether it has a ProviderConfig of the provider's name.</summary>
    public bool HasProviderConfig { get; init; }

    /// <summary>Whether this provider has served it: that ProviderConfig has a status.</summary>
    public bool IsRecorded { get; init; }

    /// <summary>The group that <c>migrate</c> moves it to, by a mark on that ProviderConfig; empty if none.</summary>
    public string MovesTo { get; init; } = "";
}
