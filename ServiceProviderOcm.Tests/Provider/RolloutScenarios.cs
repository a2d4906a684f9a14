using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>How a changed ProviderConfig reaches the OCMs.</summary>
/// <param name="create">Makes the world of a test.</param>
public abstract class RolloutScenarios(Func<Task<ProviderWorld>> create) : WorldFixture(create)
{
    private const string Stalled = "ProgressDeadlineExceeded";

    private static readonly string[] Names = ["mcp-01", "mcp-02", "mcp-03", "mcp-04"];

    [SetUp]
    public async Task Start()
    {
        World.Flux.StallsOn = release => release.Text("spec", "values", "level") == "bad";
        await ConfigureAsync("one");
        World.StartController();
        foreach (var name in Names)
        {
            await World.ReadyTenantAsync(name);
        }

        await SeesAsync(config => config.Json.Number("status", "ocms", "updated") == Names.Length, "all are updated");
    }

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
        await MakeCanaryAsync("mcp-03");
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
        await MakeCanaryAsync("mcp-02");
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

        Assert.That(await LevelsAsync(), Is.EqualTo(["one", "bad", "one", "one"]));
        await Eventually.Async(() => Task.FromResult(FluxWrites(mark).Any()), "the audit log has the write");
        Assert.That(
            FluxWrites(mark).Select(entry => entry.Namespace).Distinct(),
            Is.EqualTo([ProviderWorld.TenantNamespace(World.Ocm("mcp-04"))]));
    }

    [Test]
    public async Task A_failed_canary_stays_one_when_its_owner_changes_the_version()
    {
        await MakeCanaryAsync("mcp-03");
        await ConfigureAsync("bad", withCanary: true);
        await SeesAsync(config => Progressing(config) == Stalled, "the stalled rollout");

        await World.ApplyOcmAsync(World.Ocm("mcp-03"), version: "0.4.0");
        await Eventually.Async(
            () => World.Platform.Api.GetAsync(PlatformKinds.OciRepository, FluxKey("mcp-03"), default),
            source => source.Text("spec", "ref", "tag") == "0.4.0",
            "the version is changed");
        await Settle();

        Assert.That(await LevelsAsync(), Is.EqualTo(["one", "one", "bad", "one"]));
        await SeesAsync(config => Progressing(config) == Stalled, "the stalled rollout");
    }

    [Test]
    public async Task A_new_OCM_and_a_changed_version_use_the_newest_revision_once_the_canaries_have_passed()
    {
        await MakeCanaryAsync("mcp-03");
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
        foreach (var name in Names)
        {
            foreach (var kind in (ResourceKind[])[PlatformKinds.OciRepository, PlatformKinds.HelmRelease])
            {
                await World.Platform.Api.MergePatchAsync(kind, FluxKey(name), new JsonObject
                {
                    ["metadata"] = new JsonObject
                    {
                        ["labels"] = new JsonObject { [ObjectNames.RevisionLabel(Api)] = null },
                        ["annotations"] = new JsonObject { [ObjectNames.UpdatedAtAnnotation(Api)] = null },
                    },
                });
            }
        }

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
            async () => (await World.Platform.Api.ListAllAsync(Kinds.ControllerRevision))
                .Where(revision => revision.Namespace == World.PodNamespace
                    && revision.Labels.GetValueOrDefault(ObjectNames.ProviderLabel(Api)) == World.ProviderName)
                .OrderBy(revision => revision.Json.Number("revision"))
                .Select(revision => revision.Text("data", "spec", "values", "level"))
                .ToList(),
            levels => levels.Count == 2,
            "two are left");
        Assert.That(stored, Is.EqualTo(["three", "four"]));
    }

    protected async Task ConfigureAsync(
        string level, bool withCanary = false, JsonObject? rollout = null, string? chartUrl = null, int? historyLimit = null)
    {
        var spec = new JsonObject
        {
            ["chartURL"] = chartUrl ?? "registry.example.com/charts/toolkit",
            ["pollInterval"] = "1h",
            ["values"] = new JsonObject { ["level"] = level },
            ["rollout"] = rollout ?? [],
        };
        if (withCanary)
        {
            spec["rollout"]!["canary"] = JsonNode.Parse("""{ "selector": { "matchLabels": { "stage": "canary" } } }""");
        }

        if (historyLimit is { } limit)
        {
            spec["revisionHistoryLimit"] = limit;
        }

        await World.ConfigureAsync(spec);
    }

    protected async Task<KubeObject> SeesAsync(Predicate<KubeObject> condition, string what) => await Eventually.Async(
        () => World.Platform.Api.GetAsync(Api.ProviderConfig, ObjectKey.ClusterScoped(World.ProviderName), default),
        config => condition(config),
        what);

    protected static string? Progressing(KubeObject config) =>
        config.Json.Number("status", "observedGeneration") == config.Generation ? config.Condition("Progressing").Text("reason") : null;

    protected static long? Count(KubeObject config, string field) => config.Json.Number("status", "ocms", field);

    protected Task MakeCanaryAsync(string name) => World.Platform.Api.MergePatchAsync(
        Kinds.Namespace,
        ObjectKey.ClusterScoped(ProviderWorld.TenantNamespace(World.Ocm(name))),
        new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["stage"] = "canary" } } });

    protected async Task<IReadOnlyList<string?>> LevelsAsync(params string[] names)
    {
        List<string?> levels = [];
        foreach (var name in names.Length == 0 ? Names : names)
        {
            levels.Add((await World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, FluxKey(name), default)).Text("spec", "values", "level"));
        }

        return levels;
    }

    private async Task<IReadOnlyList<string?>> RevisionsAsync()
    {
        List<string?> revisions = [];
        foreach (var name in Names)
        {
            foreach (var kind in (ResourceKind[])[PlatformKinds.OciRepository, PlatformKinds.HelmRelease])
            {
                revisions.Add((await World.Platform.Api.GetAsync(kind, FluxKey(name), default)).Labels.GetValueOrDefault(ObjectNames.RevisionLabel(Api)));
            }
        }

        return revisions;
    }

    private async Task DriftAsync(string name)
    {
        await World.Platform.Api.MergePatchAsync(
            PlatformKinds.HelmRelease, FluxKey(name), new JsonObject { ["spec"] = new JsonObject { ["suspend"] = true } });
        await Eventually.Async(
            () => World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, FluxKey(name), default),
            release => release.Json.At("spec", "suspend") is null,
            "drift is reverted");
    }

    // Everything that has happened is reconciled when a later change is.
    private async Task Settle()
    {
        foreach (var name in (string[])["mcp-04", "mcp-02"])
        {
            await ReapplyAsync(name);
        }
    }

    private async Task ReapplyAsync(string name)
    {
        await World.ApplyOcmAsync(World.Ocm(name), operation: "reconcile");
        await Eventually.Async(
            () => World.Onboarding.Api.GetAsync(Api.Ocm, World.Ocm(name), default),
            found => !found.Annotations.ContainsKey(Operation.Annotation),
            "the annotation is removed");
    }

    private ObjectKey FluxKey(string name) => ProviderWorld.FluxKey(World.Ocm(name));

    private IEnumerable<AuditEntry> FluxWrites(long mark) => World.Platform.AuditLog.Since(mark).Where(entry =>
        entry.IsProviderWrite()
        && (entry.Resource is "helmreleases" or "ocirepositories")
        && Names.Any(name => entry.Namespace == ProviderWorld.TenantNamespace(World.Ocm(name))));

    private Task EventAsync(string reason) => Eventually.Async(
        async () => (await World.Platform.Api.ListAllAsync(Kinds.Event)).Any(item =>
            item.Namespace is "default" or "kube-system"
            && item.Json.Text("regarding", "name") == World.ProviderName
            && item.Json.Text("reason") == reason),
        $"there is an Event {reason}");
}
