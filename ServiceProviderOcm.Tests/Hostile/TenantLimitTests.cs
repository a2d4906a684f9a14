using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Metrics;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Hostile;

/// <summary>What one tenant can cause has a bound.</summary>
public sealed class TenantLimitTests : ProviderFixture
{
    private const string Entries = "service_provider_ocm_entries";

    private static readonly TimeSpan BatchTimeout = TimeSpan.FromMinutes(5);

    [Test]
    public async Task An_OCM_beyond_the_number_per_namespace_is_not_installed_until_there_is_room()
    {
        using var metrics = new MetricsReader();
        await World.ConfigureAsync();
        World.StartController(new ControllerOptions { MaxOcmsPerNamespace = 2 }, metrics.Metrics);
        var first = await World.ReadyTenantAsync("mcp-01");
        var second = await World.ReadyTenantAsync("mcp-02");

        // Creation times have seconds only.
        await Eventually.Async(async () => await IsAfterAsync(second), "a second has passed");
        var third = World.Ocm("mcp-03");
        await World.ControlPlaneAsync(third);
        await World.ApplyOcmAsync(third);
        var reported = await World.SeesAsync(third, "LimitExceeded");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(reported.ReadyCondition.Text("status"), Is.EqualTo("False"));
            Assert.That(
                reported.ReadyCondition.Text("message"),
                Does.Contain("has 3 OCMs").And.Contain("the limit is 2").And.Contain("--max-ocms-per-namespace").And.Contain($"{third}"));
            Assert.That(await World.LeftoversAsync(third), Is.Empty);
            Assert.That(reported.Finalizers, Is.Empty);
            await Eventually.Async(
                () => metrics.Read("service_provider_ocm_limit_exceeded_total")["ocms_per_namespace"] >= 1, "the metric counts it");
        }

        await World.ApplyOcmAsync(second, "0.5.0");
        await World.ReadyAsync(second);
        await World.DeleteOcmAsync(first);
        await World.ReadyAsync(third);
        await World.GoneAsync(first);
    }

    [Test]
    public async Task OCMs_far_beyond_the_number_per_namespace_are_counted_and_reported_by_one_Event()
    {
        const int Count = 150;
        using var metrics = new MetricsReader();
        await World.ConfigureAsync();
        World.StartController(new ControllerOptions { MaxOcmsPerNamespace = 2 }, metrics.Metrics);
        var keys = Enumerable.Range(0, Count).Select(number => new ObjectKey($"{World.Workspace}-full", $"ocm-{number:000}")).ToList();
        await World.Onboarding.Api.ApplyAsync(
            Kinds.Namespace, new JsonObject { ["metadata"] = new JsonObject { ["name"] = keys[0].Namespace } });
        await Parallel.ForEachAsync(keys, async (key, _) => await World.ApplyOcmAsync(key));

        var reported = await World.EventAsync(new ObjectKey(keys[0].Namespace, keys[0].Namespace), "LimitExceeded");
        await World.ReadyTenantAsync();

        Assert.That(reported.Text("note"), Does.Contain(" OCMs, and the limit is 2 (--max-ocms-per-namespace)").And.Contain("only counted"));
        var ocms = (await World.Onboarding.Api.ListAllAsync(Api.Ocm)).Where(ocm => ocm.Namespace == keys[0].Namespace).ToList();
        var events = (await World.Onboarding.Api.ListAllAsync(Kinds.Event)).Where(each => each.Text("regarding", "namespace") == keys[0].Namespace);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ocms, Has.Count.EqualTo(Count));
            Assert.That(events.Count(each => each.Text("regarding", "kind") == "Namespace"), Is.EqualTo(1));
            Assert.That(metrics.Read(Entries)["ocms"], Is.EqualTo(103));
        }

        // The oldest make room for the next, and in the end all are known.
        await Parallel.ForEachAsync(
            ocms.OrderBy(ocm => ocm.Json.Text("metadata", "creationTimestamp")).ThenBy(ocm => ocm.Uid, StringComparer.Ordinal).Take(Count - 1),
            async (ocm, _) => await World.DeleteOcmAsync(ocm.Key));
        await Eventually.Async(
            async () => (await World.Onboarding.Api.ListAllAsync(Api.Ocm)).Single(ocm => ocm.Namespace == keys[0].Namespace),
            last => last.ReadyCondition.Text("reason") is { } reason && reason != "LimitExceeded",
            "the newest is within the limit",
            BatchTimeout);
    }

    [Test]
    public async Task A_tenant_with_many_namespaces_uses_up_its_own_share_and_others_are_created_changed_and_deleted()
    {
        const int Most = 12;
        using var metrics = new MetricsReader();
        await World.ConfigureAsync();
        World.StartController(new ControllerOptions { MaxOcms = Most, OrphanGracePeriod = TimeSpan.FromMilliseconds(1) }, metrics.Metrics);
        var strangers = Enumerable.Range(0, 30).Select(number => new ObjectKey($"{World.Workspace}-s{number / 6}", $"ocm-{number:00}")).ToList();
        foreach (var ns in strangers.Select(each => each.Namespace).Distinct())
        {
            await World.NamespaceAsync(World.Onboarding, ns);
        }

        await Parallel.ForEachAsync(strangers, async (key, _) => await World.ApplyOcmAsync(key));
        var reported = await World.EventAsync(new ObjectKey(strangers[0].Namespace, strangers[0].Namespace), "LimitExceeded");
        Assert.That(reported.Text("note"), Does.Contain(" OCMs, the limit is 12 (--max-ocms)").And.Contain("only counted"));

        var ocm = await World.ReadyTenantAsync();
        await World.ApplyOcmAsync(ocm, "0.5.0");
        await Eventually.Async(
            () => World.Platform.Api.FindAsync(PlatformKinds.OciRepository, ProviderWorld.FluxKey(ocm)),
            chart => chart?.Json.Text("spec", "ref", "tag") == "0.5.0",
            "the change is applied");
        await World.ReadyAsync(ocm);
        Assert.That(metrics.Read(Entries)["ocms"], Is.EqualTo(Most));
        await World.DeleteOcmAsync(ocm);
        await World.GoneAsync(ocm);

        // Those that were dropped, too. Then there is room for the others.
        await Parallel.ForEachAsync(strangers.Take(24), async (key, _) => await World.DeleteOcmAsync(key));
        foreach (var stranger in strangers)
        {
            await (strangers.IndexOf(stranger) < 24
                ? World.GoneAsync(stranger)
                : Eventually.Async(
                    () => World.Onboarding.Api.GetAsync(Api.Ocm, stranger, default),
                    seen => seen.ReadyCondition.Text("reason") is { Length: > 0 },
                    "its status is written",
                    BatchTimeout));
        }

        Assert.That((await World.Platform.Api.ListAllAsync(Kinds.Event)).Where(each => each.Text("reason") == "OrphanedObjects"), Is.Empty);
    }

    [Test]
    public async Task An_installed_OCM_that_is_only_counted_is_no_orphan_and_can_be_deleted()
    {
        using var metrics = new MetricsReader();
        await World.ConfigureAsync();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 110).Select(number => World.Ocm($"a-{number:000}")), async (key, _) => await World.ApplyOcmAsync(key));
        World.StartController();
        await Eventually.Async(async () => await IsAfterAsync(World.Ocm("a-109")), "a second has passed");
        var installed = await World.ReadyTenantAsync("newest");
        await World.StopControllerAsync();
        World.StartController(
            new ControllerOptions { MaxOcmsPerNamespace = 1, OrphanGracePeriod = TimeSpan.FromMilliseconds(1) }, metrics.Metrics);

        await World.EventAsync(new ObjectKey(installed.Namespace, installed.Namespace), "LimitExceeded");
        Assert.That(metrics.Read("service_provider_ocm_orphaned_objects").Where(orphans => orphans.Value > 0), Is.Empty);
        Assert.That(await World.LeftoversAsync(installed), Is.Not.Empty);
        await World.DeleteOcmAsync(installed);
        await World.GoneAsync(installed);
        Assert.That((await World.Platform.Api.ListAllAsync(Kinds.Event)).Where(each => each.Text("reason") == "OrphanedObjects"), Is.Empty);
    }

    [Test]
    public async Task Changes_that_follow_each_other_too_fast_are_merged_and_none_is_lost()
    {
        await World.ConfigureAsync();
        World.StartController(new ControllerOptions { ChangeBurst = 1, ChangeInterval = TimeSpan.FromSeconds(1) });
        var ocm = await World.ReadyTenantAsync();
        for (var version = 1; version <= 20; version++)
        {
            await World.ApplyOcmAsync(ocm, $"0.{version}.0");
        }

        await Eventually.Async(
            () => World.Platform.Api.FindAsync(PlatformKinds.OciRepository, ProviderWorld.FluxKey(ocm)),
            chart => chart?.Json.Text("spec", "ref", "tag") == "0.20.0",
            "the last change is applied");
        await World.ReadyAsync(ocm);
    }

    [TestCase(60)]
    public async Task Nothing_is_left_in_memory_of_OCMs_that_are_deleted(int count)
    {
        using var metrics = new MetricsReader();
        await World.ConfigureAsync();
        World.StartController(metrics: metrics.Metrics);
        await Eventually.Async(
            () => Task.FromResult(metrics.Read(Entries)),
            entries => entries.Count > 0 && entries.All(entry => entry.Value == 0),
            "nothing is there yet");
        foreach (var batch in Enumerable.Range(0, count).Select(number => World.Ocm($"mcp-{number}")).Chunk(20))
        {
            await Parallel.ForEachAsync(batch, async (ocm, _) =>
            {
                await World.ControlPlaneAsync(ocm);
                await World.ApplyOcmAsync(ocm);
            });
            await Eventually.Async(async () => await ReadyCountAsync() == batch.Length, "all are Ready", BatchTimeout);
            await Parallel.ForEachAsync(batch, async (ocm, _) => await World.ApplyOcmAsync(ocm, operation: "reconcile"));
            await Parallel.ForEachAsync(batch, async (ocm, _) => await World.DeleteOcmAsync(ocm));
            await Eventually.Async(async () => (await World.Onboarding.Api.ListAllAsync(Api.Ocm)).Count == 0, "all are gone", BatchTimeout);
        }

        await Eventually.Async(
            () => Task.FromResult(string.Join(' ', metrics.Read(Entries).Where(entry => entry.Value > 0))),
            left => left.Length == 0,
            "nothing is left");
    }

    private async Task<bool> IsAfterAsync(ObjectKey ocm)
    {
        var created = (await World.Onboarding.Api.GetAsync(Api.Ocm, ocm, default)).Json.Moment("metadata", "creationTimestamp");
        return TimeProvider.System.GetUtcNow() - created >= TimeSpan.FromSeconds(1);
    }

    private async Task<int> ReadyCountAsync() =>
        (await World.Onboarding.Api.ListAllAsync(Api.Ocm)).Count(ocm => ocm.Json.Text("status", "phase") == "Ready");
}
