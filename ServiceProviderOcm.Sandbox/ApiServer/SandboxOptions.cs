using ServiceProviderOcm.Sandbox.ApiServer.Access;

namespace ServiceProviderOcm.Sandbox.ApiServer;

/// <summary>The options of a server.</summary>
/// <param name="Name">The name, for its certificate.</param>
/// <param name="Users">The users.</param>
internal sealed record SandboxOptions(string Name, IReadOnlyList<SandboxUser> Users)
{
    /// <summary>The certificate authority of client certificates, PEM; null: none.</summary>
    public string? UserAuthorityPem { get; init; }

    /// <summary>The number of changes in the history.</summary>
    public int HistoryLimit { get; init; } = 5000;

    /// <summary>The number of requests in the log.</summary>
    public int RequestLimit { get; init; } = 100_000;

    /// <summary>
    /// Whether watches may begin with the objects that exist (<c>sendInitialEvents</c>, the feature WatchList), as in Kubernetes 1.32 and later.
    /// </summary>
    public bool HasWatchList { get; init; } = true;

    /// <summary>The interval of bookmarks for idle watches.</summary>
    public TimeSpan BookmarkInterval { get; init; } = TimeSpan.FromMinutes(1);
}
