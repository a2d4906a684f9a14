using System.Collections.Concurrent;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>
/// The CustomResourceDefinitions on the clusters of the run. Those of tests are installed many at a time: after each change of a definition,
/// kube-apiserver computes its whole OpenAPI document, which takes it as long as the requests of a test.
/// </summary>
internal static class SharedDefinitions
{
    private const int GroupsAtATime = 16;

    private static readonly Lazy<Task> Platform = new(async () => await (await TestClusters.GetAsync()).InstallPlatformDefinitionsAsync());
    private static readonly ConcurrentDictionary<int, Lazy<Task>> Groups = new();

    private static int _taken = -1;

    /// <summary>Those of the kinds of the platform and of Flux.</summary>
    public static Task InstallPlatformAsync() => Platform.Value;

    /// <summary>An API group with definitions, which no other test has.</summary>
    public static async Task<ProviderApi> TakeGroupAsync()
    {
        var number = Interlocked.Increment(ref _taken);
        await Groups.GetOrAdd(number / GroupsAtATime, some => new Lazy<Task>(() => InstallAsync(some * GroupsAtATime))).Value;
        return GroupOf(number);
    }

    private static ProviderApi GroupOf(int number) => new($"d{number}.{ProviderApi.DefaultGroup}");

    private static async Task InstallAsync(int first) => await (await TestClusters.GetAsync()).InstallDefinitionsAsync(
        [.. Enumerable.Range(first, GroupsAtATime).Select(GroupOf)]);
}
