namespace ServiceProviderOcm.Tests.Servers;

/// <summary>API servers inside the test process.</summary>
internal sealed class SandboxServers : IAsyncDisposable
{
    private SandboxServers(IReadOnlyList<SandboxCluster> clusters) => Clusters = clusters;

    /// <summary>The servers, in the order of their names.</summary>
    public IReadOnlyList<SandboxCluster> Clusters { get; }

    /// <summary>Starts one server for each name.</summary>
    /// <param name="names">The names of the servers.</param>
    /// <param name="users">The users of each of them; <see cref="TestUsers.All"/> by default.</param>
    public static async Task<SandboxServers> StartAsync(IEnumerable<string> names, IReadOnlyList<ServerUser>? users = null)
    {
        var clusters = names.Select(name => new SandboxCluster(name, users ?? TestUsers.All())).ToList();
        await Task.WhenAll(clusters.Select(cluster => cluster.StartAsync(CancellationToken.None)));
        return new SandboxServers(clusters);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Task.WhenAll(Clusters.Select(cluster => cluster.DisposeAsync().AsTask()));
}
