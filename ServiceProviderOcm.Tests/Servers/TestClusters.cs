using System.Diagnostics;
using NUnit.Framework;

namespace ServiceProviderOcm.Tests.Servers;

/// <summary>
/// The clusters of tests: those of the test run, which start when the first test asks for them and stop with the run, and new ones
/// of the sandbox for a single test.
/// </summary>
public static class TestClusters
{
    private static readonly string[] Names = ["platform", "onboarding", "mcp"];

    private static readonly Lazy<Task<EnvtestAssets>> Assets =
        new(() => EnvtestAssets.FindAsync(TestContext.Progress.WriteLine, CancellationToken.None));

    private static readonly Lazy<Task<TestClusterSet>> Clusters = new(StartAsync);

    /// <summary>
    /// The clusters that the tests of the run share: real ones where this machine has them, otherwise those of the sandbox. The variable
    /// <c>TEST_SERVERS</c> leaves no choice: with <c>real</c>, as with <c>CI=true</c>, the calling test fails where there are no real
    /// ones, and <c>sandbox</c> selects those of the sandbox. Tests that run in parallel work in namespaces of their own here.
    /// </summary>
    public static Task<TestClusterSet> GetAsync() => Clusters.Value;

    /// <summary>New clusters of the sandbox, for one test, which disposes them.</summary>
    public static Task<TestClusterSet> StartSandboxAsync() => StartSandboxAsync(TestUsers.All());

    /// <summary>New real clusters, for one test, which disposes them.</summary>
    /// <exception cref="IgnoreException">This machine has no real API servers; the message says why.</exception>
    public static async Task<TestClusterSet> StartRealAsync()
    {
        var assets = await Assets.Value;
        return await StartRealOnesAsync(assets.Folder ?? throw new IgnoreException(assets.Reason), TestUsers.All());
    }

    /// <summary>Stops the clusters of the run, if they have started.</summary>
    public static async Task StopAsync()
    {
        if (Clusters.IsValueCreated)
        {
            // A failed start has already failed the tests that need the servers.
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
            return await StartSandboxAsync(TestUsers.Shared());
        }

        var assets = await Assets.Value;
        if (assets.Folder is { } folder)
        {
            return await StartRealOnesAsync(folder, TestUsers.Shared());
        }

        if (choice == ServerChoice.Real)
        {
            throw new AssertionException(assets.Reason);
        }

        await TestContext.Progress.WriteLineAsync($"{assets.Reason}; the tests run on the API servers of the sandbox instead");
        return await StartSandboxAsync(TestUsers.Shared());
    }

    private static async Task<TestClusterSet> StartSandboxAsync(IReadOnlyList<ServerUser> users)
    {
        var servers = await SandboxServers.StartAsync(Names, users);
        return new TestClusterSet(servers, servers.Clusters[0], servers.Clusters[1], servers.Clusters[2]);
    }

    private static async Task<TestClusterSet> StartRealOnesAsync(string assets, IReadOnlyList<ServerUser> users)
    {
        var clock = Stopwatch.StartNew();
        var servers = await RealServers.StartAsync(assets, CancellationToken.None);
        try
        {
            var clusters = await Task.WhenAll(
                Names.Select(name => servers.StartClusterAsync(name, users, CancellationToken.None)));
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
