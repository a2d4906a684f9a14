using System.Diagnostics;
using NUnit.Framework;

namespace ServiceProviderOcm.Tests.Servers;

/// <summary>The test run's clusters: started when the first test asks for them, ended with the run.</summary>
public static class TestClusters
{
    private static readonly string[] Names = ["platform", "onboarding", "mcp"];

    private static readonly Lazy<Task<EnvtestAssets>> Assets =
        new(() => EnvtestAssets.FindAsync(TestContext.Progress.WriteLine, CancellationToken.None));

    private static readonly Lazy<Task<TestClusterSet>> Clusters = new(() => AreSandboxes ? StartSandboxesAsync() : StartAsync());

    // The same tests show how far the API server of the sandbox is like the real one.
    private static bool AreSandboxes => Environment.GetEnvironmentVariable("TEST_SERVERS") == "sandbox";

    /// <summary>
    /// The clusters: real ones, or with <c>TEST_SERVERS=sandbox</c> those inside the process. Skips the calling test where no real
    /// server can be had, or fails it where <c>CI=true</c>.
    /// </summary>
    public static async Task<TestClusterSet> GetAsync()
    {
        if (AreSandboxes || (await Assets.Value).Folder is not null)
        {
            return await Clusters.Value;
        }

        var reason = (await Assets.Value).Reason;
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail(reason);
        }

        Assert.Ignore(reason);
        throw new UnreachableException();
    }

    /// <summary>Ends the servers, if there are any.</summary>
    public static async Task StopAsync()
    {
        if (Clusters.IsValueCreated)
        {
            // A start that has failed has already failed the tests that wanted it.
            await Clusters.Value.ContinueWith(_ => { }, TaskScheduler.Default);
        }

        if (Clusters is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await Clusters.Value).Servers.DisposeAsync();
        }
    }

    private static async Task<TestClusterSet> StartSandboxesAsync()
    {
        var servers = await SandboxServers.StartAsync(Names);
        return new TestClusterSet(servers, servers.Clusters[0], servers.Clusters[1], servers.Clusters[2]);
    }

    private static async Task<TestClusterSet> StartAsync()
    {
        var clock = Stopwatch.StartNew();
        var servers = await RealServers.StartAsync((await Assets.Value).Folder!, CancellationToken.None);
        try
        {
            var clusters = await Task.WhenAll(
                Names.Select(name => servers.StartClusterAsync(name, TestUsers.All(), CancellationToken.None)));
            await TestContext.Progress.WriteLineAsync($"three API servers ready after {clock.Elapsed.TotalSeconds:0.0} s");
            return new TestClusterSet(servers, clusters[0], clusters[1], clusters[2]);
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }
}
