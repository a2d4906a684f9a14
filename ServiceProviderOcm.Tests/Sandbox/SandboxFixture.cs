using NUnit.Framework;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Sandbox;

/// <summary>Tests with a server of the sandbox' for each.</summary>
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
