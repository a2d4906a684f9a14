using ServiceProviderOcm.Sandbox.ApiServer.Access;

namespace ServiceProviderOcm.Sandbox.ApiServer;

/// <summary>What makes one server.</summary>
/// <param name="Name">Its name, for people and for its certificate.</param>
/// <param name="Users">Whom it knows.</param>
internal sealed record SandboxOptions(string Name, IReadOnlyList<SandboxUser> Users)
{
    /// <summary>The authority of certificates by which users may say who they are, instead of by a token; PEM. Null: there is none.</summary>
    public string? UserAuthorityPem { get; init; }

    /// <summary>How many changes can be watched from afterwards.</summary>
    public int HistoryLimit { get; init; } = 5000;

    /// <summary>How many of the newest requests can be looked up afterwards.</summary>
    public int RequestLimit { get; init; } = 100_000;

    /// <summary>How often a watch without news gets a bookmark.</summary>
    public TimeSpan BookmarkInterval { get; init; } = TimeSpan.FromMinutes(1);
}
