using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>The Worker is killed in the middle of a rollout, twice.</summary>
[Category("Worker")]
public sealed class RolloutKillTests() : WorldFixture(() => ProviderWorld.InSandboxAsync())
{
    private static readonly string[] Names = ["mcp-01", "mcp-02", "mcp-03", "mcp-04", "mcp-05", "mcp-06", "mcp-07", "mcp-08"];

    [TestCase("good", "good good good good good good good good", "NewRevisionAvailable")]
    [TestCase("bad", "bad bad one one one one one one", "ProgressDeadlineExceeded")]
    public async Task A_rollout_ends_as_it_would_have_without_two_kills(string level, string levels, string reason)
    {
        World.Flux.StallsOn = release => release.Text("spec", "values", "level") == "bad";
        await ConfigureAsync("one");
        await using (var first = World.StartWorker())
        {
            foreach (var name in Names)
            {
                await World.ReadyTenantAsync(name);
            }

            World.Flux.Installs.Close();
            await ConfigureAsync(level);
            await LevelAsync(count => count >= 1, level);
            await first.KillAsync();
        }

        await using (var second = World.StartWorker())
        {
            await LevelAsync(count => count == 2, level);
            await second.KillAsync();
        }

        World.Flux.Installs.Open();
        await using var third = World.StartWorker();
        await Eventually.Async(
            () => World.Platform.Api.GetAsync(Api.ProviderConfig, ObjectKey.ClusterScoped(World.ProviderName), default),
            config => config.Condition("Progressing").Text("reason") == reason
                && config.Json.Number("status", "observedGeneration") == config.Generation
                && (level == "bad" || config.Json.Number("status", "ocms", "ready") == Names.Length),
            reason);
        Assert.That(string.Join(' ', await LevelsAsync()), Is.EqualTo(levels));
    }

    private Task<KubeObject> ConfigureAsync(string level) => World.ConfigureAsync(new JsonObject
    {
        ["chartURL"] = "registry.example.com/charts/toolkit",
        ["pollInterval"] = "1h",
        ["values"] = new JsonObject { ["level"] = level },
    });

    private Task LevelAsync(Predicate<int> isEnough, string level) => Eventually.Async(
        LevelsAsync, levels => isEnough(levels.Count(each => each == level)), $"OCMs are at {level}");

    private async Task<IReadOnlyList<string?>> LevelsAsync()
    {
        List<string?> levels = [];
        foreach (var name in Names)
        {
            var release = await World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(World.Ocm(name)), default);
            levels.Add(release.Text("spec", "values", "level"));
        }

        return levels;
    }
}
