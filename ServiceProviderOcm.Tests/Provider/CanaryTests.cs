using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>What the controller remembers of a canary, whatever its owner and restarts do meanwhile.</summary>
[Category("Sandbox")]
public sealed class CanaryTests() : RolloutFixture(() => ProviderWorld.InSandboxAsync())
{
    [Test]
    public async Task A_failed_canary_stays_one_when_its_owner_changes_the_version()
    {
        await ConfigureAsync("bad", withCanary: true);
        await SeesAsync(config => Progressing(config) == Stalled, "the stalled rollout");

        await World.ApplyOcmAsync(World.Ocm(Canary), version: "0.4.0");
        await Eventually.Async(
            () => World.Platform.Api.GetAsync(PlatformKinds.OciRepository, FluxKey(Canary), default),
            source => source.Text("spec", "ref", "tag") == "0.4.0",
            "the version is changed");
        await Settle();

        Assert.That(await LevelsAsync(), Is.EqualTo(["one", "one", "bad", "one"]));
        await SeesAsync(config => Progressing(config) == Stalled, "the stalled rollout");
    }

    [Test]
    public async Task A_failed_canary_stops_the_rollout_whatever_happens_to_it([Values("version", "deletion", "objects")] string what)
    {
        var canary = World.Ocm(Canary);
        await ConfigureAsync("bad", withCanary: true);
        await SeesAsync(config => Progressing(config) == Stalled, "the stalled rollout");
        switch (what)
        {
            case "version":
                await World.ApplyOcmAsync(canary, version: ".invalid");
                await World.SeesAsync(canary, "InvalidVersion");
                break;
            case "deletion":
                await World.DeleteOcmAsync(canary);
                await World.GoneAsync(canary);
                break;
            default:
                await World.StopControllerAsync();
                await World.Platform.Api.DeleteAsync(PlatformKinds.HelmRelease, FluxKey(Canary));
                await World.Platform.Api.DeleteAsync(PlatformKinds.OciRepository, FluxKey(Canary));
                await Eventually.Async(
                    async () => await World.Platform.Api.FindAsync(PlatformKinds.HelmRelease, FluxKey(Canary)) is null, "it is gone");
                World.StartController();
                await Eventually.Async(
                    async () => await World.Platform.Api.FindAsync(PlatformKinds.HelmRelease, FluxKey(Canary)) is not null, "it is back");
                break;
        }

        await Settle();
        await RestartAsync();
        await Settle();

        Assert.That(await LevelsAsync("mcp-01", "mcp-02", "mcp-04"), Is.All.EqualTo("one"));
        var stalled = await SeesAsync(config => Progressing(config) == Stalled, "the stalled rollout");
        Assert.That(stalled.Json.Items("status", "failedCanaries").Select(each => each.Text("name")), Is.EqualTo([canary.Name]));

        await StageAsync(Canary, stage: null);
        await SeesAsync(config => !config.Json.Items("status", "failedCanaries").Any(), "it is no canary any more");
    }

    [Test]
    public async Task A_restart_while_the_canary_is_updated_does_not_release_the_others()
    {
        World.Flux.Installs.Close();
        await ConfigureAsync("two", withCanary: true);
        await Eventually.Async(() => LevelsAsync(), levels => levels.Contains("two"), "the canary is updated");
        await RestartAsync();
        await Settle();
        Assert.That(await LevelsAsync(), Is.EqualTo(["one", "one", "two", "one"]));

        World.Flux.Installs.Open();
        await SeesAsync(config => Progressing(config) == "NewRevisionAvailable", "the end");
        Assert.That(await LevelsAsync(), Is.All.EqualTo("two"));
    }

    [Test]
    public async Task A_canary_that_is_deleted_during_its_update_stops_the_rollout_until_it_is_available_again()
    {
        var canary = World.Ocm(Canary);
        World.Flux.Installs.Close();
        await ConfigureAsync("two", withCanary: true);
        await Eventually.Async(() => LevelsAsync(), levels => levels[2] == "two", "the canary is updated");

        await World.DeleteOcmAsync(canary);
        await World.GoneAsync(canary);
        await SeesAsync(config => Progressing(config) == Stalled, "the stalled rollout");
        await Settle();
        Assert.That(await LevelsAsync("mcp-01", "mcp-02", "mcp-04"), Is.All.EqualTo("one"));

        World.Flux.Installs.Open();
        await World.ApplyOcmAsync(canary);
        await SeesAsync(config => Progressing(config) == "NewRevisionAvailable" && Count(config, "ready") == 4, "the end");
        Assert.That(await LevelsAsync(), Is.All.EqualTo("two"));
    }

    [Test]
    public async Task A_canary_that_is_changed_or_deleted_before_it_is_available_releases_no_others([Values] bool isDeleted)
    {
        var canary = World.Ocm(Canary);
        var before = await World.ReadyAsync(canary);
        await ConfigureAsync("two", withCanary: true, rollout: new JsonObject { ["minReadySeconds"] = 3600, ["progressDeadlineSeconds"] = 7200 });
        await Eventually.Async(
            () => World.Onboarding.Api.GetAsync(Api.Ocm, canary, default),
            ocm => ocm.Text("status", "revision") != before.Text("status", "revision") && ProviderWorld.Ready(ocm, "status") == "True",
            "the canary is Ready at the new revision");
        if (isDeleted)
        {
            await World.DeleteOcmAsync(canary);
            await World.GoneAsync(canary);
            await SeesAsync(config => Progressing(config) == Stalled, "the stalled rollout");
        }
        else
        {
            await World.ApplyOcmAsync(canary, version: "0.4.0");
            await World.ReadyAsync(canary);
        }

        await Settle();
        Assert.That(await LevelsAsync("mcp-01", "mcp-02", "mcp-04"), Is.All.EqualTo("one"));
    }

    [Test]
    public async Task A_failed_canary_that_could_not_be_written_is_updated_after_a_restart_once_it_can_be()
    {
        await ConfigureAsync("two", withCanary: true, new JsonObject { ["progressDeadlineSeconds"] = 1 }, pullSecret: "late");
        await SeesAsync(config => config.Json.Items("status", "failedCanaries").Any(), "the canary has failed");
        await RestartAsync();
        await Settle();
        Assert.That(await LevelsAsync(), Is.All.EqualTo("one"));

        await World.PullSecretAsync(name: "late");
        await SeesAsync(config => Progressing(config) == "NewRevisionAvailable" && Count(config, "ready") == 4, "the end");
        Assert.That(await LevelsAsync(), Is.All.EqualTo("two"));
    }
}
