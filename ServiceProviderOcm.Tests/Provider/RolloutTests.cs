using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>How a changed ProviderConfig reaches the OCMs, on the sandbox, with the cases that real API servers do not differ in.</summary>
[Category("Sandbox")]
public sealed class RolloutTests() : RolloutScenarios(() => ProviderWorld.InSandboxAsync())
{
    [Test]
    public async Task A_version_that_cannot_be_had_stops_no_rollout()
    {
        await World.ApplyOcmAsync(World.Ocm("mcp-04"), version: ".invalid");
        await World.SeesAsync(World.Ocm("mcp-04"), "InvalidVersion");

        await ConfigureAsync("two");

        await SeesAsync(config => Progressing(config) == "NewRevisionAvailable" && Count(config, "updated") == 3, "the end");
        Assert.That(await LevelsAsync(), Is.EqualTo(["two", "two", "two", "one"]));
    }

    [Test]
    public async Task A_version_that_is_changed_during_an_update_is_no_failure_of_that_update()
    {
        World.Flux.Installs.Close();
        await ConfigureAsync("two");
        await Eventually.Async(() => LevelsAsync(), levels => levels[0] == "two", "the first is updated");

        await World.ApplyOcmAsync(World.Ocm("mcp-01"), version: "0.4.0");
        var source = await Eventually.Async(
            () => World.Platform.Api.GetAsync(PlatformKinds.OciRepository, FluxKey("mcp-01"), default),
            found => found.Text("spec", "ref", "tag") == "0.4.0",
            "the version is changed");

        Assert.That(source.Annotations.Keys, Has.None.EqualTo(ObjectNames.UpdatedAtAnnotation(Api)));
    }

    [Test]
    public async Task Objects_without_a_label_keep_their_access_until_the_rollout_reaches_them()
    {
        await World.StopControllerAsync();
        await RemoveLabelsAsync();
        await ConfigureAsync(
            "one",
            rollout: new JsonObject { ["paused"] = true },
            access: JsonNode.Parse("""{ "roleRefs": [{ "kind": "ClusterRole", "name": "edit" }] }"""));
        World.StartController();
        await SeesAsync(config => Progressing(config) == "RolloutPaused", "the pause");
        await Settle();

        foreach (var name in Names)
        {
            var request = await World.Platform.Api.GetAsync(PlatformKinds.AccessRequest, World.AccessRequest(World.Ocm(name)), default);
            Assert.That(request.Json.GetRawText(), Does.Contain("cluster-admin").And.Not.Contain("\"edit\""));
        }
    }

    [Test]
    public async Task A_new_OCM_and_a_changed_version_use_the_newest_revision_once_the_canaries_have_passed()
    {
        await ConfigureAsync("bad", withCanary: true);
        await SeesAsync(config => Progressing(config) == Stalled, "the stalled rollout");

        await World.ApplyOcmAsync(World.Ocm("mcp-01"), version: "0.4.0");
        await World.ReadyAsync(World.Ocm("mcp-01"));
        await World.ReadyTenantAsync("new");

        Assert.That(await LevelsAsync([.. Names, "new"]), Is.EqualTo(["one", "one", "bad", "one", "one"]));
    }

    [Test]
    public async Task A_change_that_installs_the_same_writes_no_Flux_object()
    {
        var before = await RevisionsAsync();
        var mark = World.Platform.AuditLog.Mark();
        await ConfigureAsync("one", chartUrl: "oci://registry.example.com/charts/toolkit");

        var done = await SeesAsync(
            config => Progressing(config) == "NewRevisionAvailable" && config.Text("status", "currentRevision") != before[0], "the end");
        Assert.That(Count(done, "updated"), Is.EqualTo(4));
        Assert.That(FluxWrites(mark), Is.Empty);
        Assert.That(await RevisionsAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task A_paused_rollout_updates_nothing_until_it_continues()
    {
        await ConfigureAsync("two", rollout: new JsonObject { ["paused"] = true });
        await SeesAsync(config => Progressing(config) == "RolloutPaused", "the pause");
        await ReapplyAsync("mcp-01");
        Assert.That(await LevelsAsync(), Is.All.EqualTo("one"));

        await ConfigureAsync("two");
        await SeesAsync(config => Progressing(config) == "NewRevisionAvailable", "the end");
        Assert.That(await LevelsAsync(), Is.All.EqualTo("two"));
    }

    [Test]
    public async Task Objects_without_a_label_keep_it_so_until_they_change_and_are_matched_by_content()
    {
        await World.StopControllerAsync();
        await RemoveLabelsAsync();
        var mark = World.Platform.AuditLog.Mark();
        World.StartController();
        await DriftAsync("mcp-02");
        await Eventually.Async(() => Task.FromResult(FluxWrites(mark).Any()), "the audit log has the write");
        Assert.That(
            FluxWrites(mark).Select(entry => entry.Namespace).Distinct(),
            Is.EqualTo([ProviderWorld.TenantNamespace(World.Ocm("mcp-02"))]));

        await ConfigureAsync("two");
        await SeesAsync(config => Progressing(config) == "NewRevisionAvailable" && Count(config, "ready") == 4, "the end");
        Assert.That(await LevelsAsync(), Is.All.EqualTo("two"));
        Assert.That((await RevisionsAsync()).Distinct().Count(), Is.EqualTo(1));
    }
}
