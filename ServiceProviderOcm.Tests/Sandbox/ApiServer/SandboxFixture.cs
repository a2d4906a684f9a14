using NUnit.Framework;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Sandbox.ApiServer;

/// <summary>Tests that each have an API server of the sandbox.</summary>
/// <param name="bookmarkInterval">How often a watch without news gets a bookmark.</param>
public abstract class SandboxFixture(TimeSpan? bookmarkInterval = null)
{
    /// <summary>The server.</summary>
    internal SandboxCluster Cluster { get; private set; } = null!;

    [SetUp]
    public async Task StartCluster()
    {
        Cluster = new SandboxCluster("sandbox", TestUsers.All(), bookmarkInterval);
        await Cluster.StartAsync(default);
    }

    [TearDown]
    public async Task StopCluster() => await Cluster.DisposeAsync();
}
