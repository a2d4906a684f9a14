using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>How a changed ProviderConfig reaches the OCMs.</summary>
/// <param name="create">Makes the world of a test.</param>
public abstract class RolloutScenarios(Func<Task<ProviderWorld>> create) : RolloutFixture(create)
{
    [Test]
    public async Task A_change_reaches_a_quarter_of_the_OCMs_at_a_time()
    {
        World.Flux.Installs.Close();
        await ConfigureAsync("two");
        await SeesAsync(config => Progressing(config) == "RolloutProgressing" && Count(config, "unavailable") == 1, "the first update");
        await Settle();
        Assert.That(await LevelsAsync(), Is.EqualTo(["two", "one", "one", "one"]));

        World.Flux.Installs.Open();
        var done = await SeesAsync(config => Progressing(config) == "NewRevisionAvailable" && Count(config, "ready") == 4, "the end");
        Assert.That(await LevelsAsync(), Is.EqualTo(["two", "two", "two", "two"]));
        Assert.That(
            (done.Text("status", "currentRevision"), Count(done, "updated"), Count(done, "unavailable")),
            Is.EqualTo((done.Text("status", "updateRevision"), 4, 0)));
        var ocm = await World.ReadyAsync(Ocm);
        Assert.That(ocm.Text("status", "revision"), Is.EqualTo(done.Text("status", "updateRevision")));
        Assert.That(await RevisionsAsync(), Is.All.EqualTo(done.Text("status", "updateRevision")));
    }

    [Test]
    public async Task A_bad_change_stalls_at_the_canary_and_returning_rolls_the_canary_back()
    {
        var before = await RevisionsAsync();
        await ConfigureAsync("bad", withCanary: true);

        var stalled = await SeesAsync(config => Progressing(config) == Stalled, "the stalled rollout");
        Assert.That(stalled.Condition("Progressing").Text("message"), Does.Contain("canary").And.Contain("/mcp-03 ("));
        Assert.That(await LevelsAsync(), Is.EqualTo(["one", "one", "bad", "one"]));
        await EventAsync(Stalled);

        // Drift of the others is reverted to their own revision.
        await DriftAsync("mcp-01");
        Assert.That(await LevelsAsync(), Is.EqualTo(["one", "one", "bad", "one"]));

        await ConfigureAsync("one", withCanary: true);
        await SeesAsync(config => Progressing(config) == "NewRevisionAvailable" && Count(config, "ready") == 4, "the end");
        Assert.That(await LevelsAsync(), Is.All.EqualTo("one"));
        Assert.That(await RevisionsAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task A_stalled_rollout_stays_as_it_is_over_restarts_and_its_OCMs_keep_their_revisions()
    {
        await ConfigureAsync("bad", withCanary: true);
        await SeesAsync(config => Progressing(config) == Stalled, "the stalled rollout");
        await World.StopControllerAsync();
        var mark = World.Platform.AuditLog.Mark();
        World.StartController();
        await World.Platform.Api.MergePatchAsync(
            PlatformKinds.HelmRelease, FluxKey("mcp-04"), new JsonObject { ["spec"] = new JsonObject { ["suspend"] = true } });
        await Eventually.Async(
            () => World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, FluxKey("mcp-04"), default),
            release => release.Json.At("spec", "suspend") is null,
            "drift is reverted");
        await SeesAsync(config => Progressing(config) == Stalled, "the stalled rollout");

        Assert.That(await LevelsAsync(), Is.EqualTo(["one", "one", "bad", "one"]));
        await Eventually.Async(() => Task.FromResult(FluxWrites(mark).Any()), "the audit log has the write");
        Assert.That(
            FluxWrites(mark).Select(entry => entry.Namespace).Distinct(),
            Is.EqualTo([ProviderWorld.TenantNamespace(World.Ocm("mcp-04"))]));
    }

    [Test]
    public async Task Revisions_in_use_and_the_latest_are_stored()
    {
        foreach (var level in (string[])["two", "three", "four"])
        {
            await ConfigureAsync(level, rollout: new JsonObject { ["maxUnavailable"] = "100%" }, historyLimit: 1);
            await SeesAsync(
                config => Progressing(config) == "NewRevisionAvailable"
                    && config.Json.Number("status", "observedGeneration") == config.Generation
                    && Count(config, "ready") == 4,
                level);
        }

        var stored = await Eventually.Async(
            async () => (await World.Platform.Api.ListAllAsync(Kinds.ControllerRevision, World.PodNamespace))
                .Where(revision => revision.Labels.GetValueOrDefault(ObjectNames.ProviderLabel(Api)) == World.ProviderName)
                .OrderBy(revision => revision.Json.Number("revision"))
                .Select(revision => revision.Text("data", "spec", "values", "level"))
                .ToList(),
            levels => levels.Count == 2,
            "two are left");
        Assert.That(stored, Is.EqualTo(["three", "four"]));
    }
}
