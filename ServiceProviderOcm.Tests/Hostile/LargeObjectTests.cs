using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Metrics;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Hostile;

/// <summary>Objects that a tenant makes large.</summary>
public sealed class LargeObjectTests : ProviderFixture
{
    private const int Ocms = 20;

    [Test]
    public async Task Large_annotations_labels_and_managed_fields_of_OCMs_are_not_kept()
    {
        var plain = await KeptAsync("plain", large: false);
        var large = await KeptAsync("large", large: true);

        Assert.That(large - plain, Is.LessThan(Ocms * 100));
        Assert.That(plain / Ocms, Is.LessThan(2_000));
    }

    [Test]
    public async Task An_OCM_with_more_than_is_kept_of_it_is_reported_and_the_others_are_reconciled()
    {
        using var metrics = new MetricsReader();
        await World.ConfigureAsync();
        var long60 = new string('x', 60);
        var finalizers = new JsonArray([.. Enumerable.Range(0, 1_000).Select(number => (JsonNode)Invariant($"{long60}.{long60}.example.com/x{number}"))]);
        await World.Onboarding.Api.ApplyAsync(Api.Ocm, Manifest("huge", new JsonObject { ["finalizers"] = finalizers }));
        World.StartController(metrics: metrics.Metrics);

        await World.ReadyTenantAsync();
        var seen = await World.SeesAsync(World.Ocm("huge"), "LimitExceeded");
        var reported = await World.EventAsync(World.Ocm("huge"), "LimitExceeded");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(seen.ReadyCondition.Text("status"), Is.EqualTo("False"));
            Assert.That(seen.ReadyCondition.Text("message"), Is.EqualTo(
                $"OCM {World.Ocm("huge")} exceeds a limit: metadata.finalizers takes at least 4105 bytes of memory, and the limit is 4096 "
                + "(--max-ocm-field-bytes). It is not reconciled, and what is installed stays. Shorten it, or ask a platform operator to "
                + "raise the limit."));
            Assert.That(reported.Text("note"), Is.EqualTo(seen.ReadyCondition.Text("message")));
            Assert.That(metrics.Read("service_provider_ocm_limit_exceeded_total"), Does.ContainKey("ocm_field_bytes").WithValue(1));
        }

        await World.Onboarding.Api.MergePatchAsync(
            Api.Ocm, World.Ocm("huge"), new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } });
        await World.ControlPlaneAsync(World.Ocm("huge"));
        await World.ReadyAsync(World.Ocm("huge"));
    }

    [Test]
    public async Task An_installed_OCM_that_exceeds_a_limit_is_not_Ready_and_keeps_conditions_of_others_and_what_is_installed()
    {
        await World.ConfigureAsync();
        World.StartController();
        var ocm = await World.ReadyTenantAsync();
        var ready = await World.Onboarding.Api.GetAsync(Api.Ocm, ocm, default);
        var others = JsonNode.Parse("""{"type":"Billed","status":"True","reason":"Paid","message":"","lastTransitionTime":"2026-01-01T00:00:00Z"}""");
        var conditions = new JsonArray([.. ready.Json.Items("status", "conditions").Select(each => JsonNode.Parse(each.GetRawText())), others]);
        await World.Onboarding.Api.MergePatchAsync(
            Api.Ocm, ocm, KubeObject.From(new JsonObject { ["status"] = new JsonObject { ["conditions"] = conditions } }).Json, "status", default);

        await World.Onboarding.Api.MergePatchAsync(
            Api.Ocm, ocm, new JsonObject { ["spec"] = new JsonObject { ["version"] = new string('1', 5_000) } });
        var seen = await World.SeesAsync(ocm, "LimitExceeded");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(seen.ReadyCondition.Text("status"), Is.EqualTo("False"));
            Assert.That(seen.Condition("Billed").Text("reason"), Is.EqualTo("Paid"));
            Assert.That(await World.Platform.Api.FindAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(ocm)), Is.Not.Null);
        }

        await World.ApplyOcmAsync(ocm, "0.5.0");
        var again = await World.ReadyAsync(ocm);
        Assert.That(again.Condition("Billed").Text("reason"), Is.EqualTo("Paid"));
    }

    [Test]
    public async Task The_memory_for_what_users_write_of_an_OCM_has_a_limit_that_counts_each_value()
    {
        await World.Onboarding.Api.ApplyAsync(Api.Ocm, Manifest("short", new JsonObject { ["finalizers"] = Finalizers(100) }));
        await World.Onboarding.Api.ApplyAsync(Api.Ocm, Manifest("long", new JsonObject { ["finalizers"] = Finalizers(20_000) }));
        using var real = new RealApi(World.Onboarding, options: ClientOptions.Default.For(Api));

        var listing = await real.Api.ListAllAsync(Api.Ocm, WatchScope.Everything, default);

        Assert.That(listing.Objects.Sum(ocm => (long)ocm.Size), Is.LessThan(4_096));
        Assert.That(listing.Unreadable.Select(each => each.Key.Name), Is.EqualTo(["long"]));
    }

    private static JsonArray Finalizers(int count) => [.. Enumerable.Range(0, count).Select(number => (JsonNode)Invariant($"a/{number}"))];

    private async Task<long> KeptAsync(string name, bool large)
    {
        for (var number = 0; number < Ocms; number++)
        {
            await World.Onboarding.Api.ApplyAsync(Api.Ocm, Manifest(Invariant($"{name}-{number:00}"), large ? Large() : []));
        }

        using var real = new RealApi(World.Onboarding, options: ClientOptions.Default.For(Api));
        var informers = new InformerFactory(new InformerOptions(), TimeProvider.System, new Random(1), NullLogger.Instance);
        using var running = informers.Start(real.Api, Api.Ocm, new WatchScope(NamePrefix: name), _ => { }, () => { }, default);
        await Eventually.Async(() => running.Informer.Store.Count == Ocms, "all OCMs are listed");
        return running.Informer.Store.All.Sum(ocm => (long)ocm.Size - ocm.ResourceVersion.Length);
    }

    private JsonObject Manifest(string name, JsonObject metadata)
    {
        metadata["name"] = name;
        metadata["namespace"] = World.Workspace;
        return new JsonObject { ["metadata"] = metadata, ["spec"] = new JsonObject { ["version"] = "0.3.0" } };
    }

    private static JsonObject Large() => new()
    {
        ["annotations"] = new JsonObject
        {
            ["example.com/a"] = new string('x', 100_000),
            ["openmcp.cloud/operation"] = new string('x', 100_000),
        },
        ["labels"] = new JsonObject(Enumerable.Range(0, 500)
            .Select(number => KeyValuePair.Create(Invariant($"openmcp.cloud/{number}"), (JsonNode?)"x"))),
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
