using System.Diagnostics;
using NUnit.Framework;

namespace ServiceProviderOcm.Tests.Servers;

/// <summary>The test run's clusters: started when the first test asks for them, ended with the run.</summary>
public static class TestClusters
{
    private static readonly string[] Names = ["platform", "onboarding", "mcp"];

    private static readonly Lazy<Task<EnvtestAssets>> Assets =
        new(() => EnvtestAssets.FindAsync(TestContext.Progress.WriteLine, CancellationToken.None));

    private static readonly Lazy<Task<TestClusterSet>> Clusters = new(StartAsync);

    /// <summary>
    /// The clusters: real ones where they can be had, otherwise those inside the process. The variable <c>TEST_SERVERS</c> leaves no
    /// choice: with <c>real</c>, as with <c>CI=true</c>, the calling test fails where no real ones can be had, and <c>sandbox</c> asks
    /// for those inside the process.
    /// </summary>
    public static Task<TestClusterSet> GetAsync() => Clusters.Value;

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

    private static async Task<TestClusterSet> StartAsync()
    {
        var choice = ServerChoices.Parse(
            Environment.GetEnvironmentVariable("TEST_SERVERS"), Environment.GetEnvironmentVariable("CI") == "true");
        if (choice == ServerChoice.Sandbox)
        {
            return await StartSandboxesAsync();
        }

        var assets = await Assets.Value;
        if (assets.Folder is { } folder)
        {
            return await StartRealOnesAsync(folder);
        }

        if (choice == ServerChoice.Real)
        {
            throw new AssertionException(assets.Reason);
        }

        await TestContext.Progress.WriteLineAsync($"{assets.Reason}; the tests run on the API servers of the sandbox instead");
        return await StartSandboxesAsync();
    }

    private static async Task<TestClusterSet> StartSandboxesAsync()
    {
        var servers = await SandboxServers.StartAsync(Names);
        return new TestClusterSet(servers, servers.Clusters[0], servers.Clusters[1], servers.Clusters[2]);
    }

    private static async Task<TestClusterSet> StartRealOnesAsync(string assets)
    {
        var clock = Stopwatch.StartNew();
        var servers = await RealServers.StartAsync(assets, CancellationToken.None);
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
