using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Metrics;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Hostile;

/// <summary>An OCM that exceeds a limit, so that it is not read.</summary>
public abstract class OverLimitScenarios(Func<Task<ProviderWorld>> start) : WorldFixture(start)
{
    [Test]
    public async Task An_installed_OCM_that_exceeds_a_limit_is_not_Ready_and_keeps_conditions_of_others_and_what_is_installed()
    {
        await World.ConfigureAsync();
        World.StartController();
        var ocm = await World.ReadyTenantAsync();
        var ready = await World.Onboarding.Api.GetAsync(Api.Ocm, ocm, default);
        var others = JsonNode.Parse("""{"type":"Billed","status":"True","reason":"Paid","message":"by invoice","lastTransitionTime":"2026-01-01T00:00:00Z"}""");
        var conditions = new JsonArray([.. ready.Json.Items("status", "conditions").Select(each => JsonNode.Parse(each.GetRawText())), others]);
        await World.Onboarding.Api.MergePatchAsync(
            Api.Ocm, ocm, KubeObject.From(new JsonObject { ["status"] = new JsonObject { ["conditions"] = conditions } }).Json, "status", default);

        await World.Onboarding.Api.MergePatchAsync(
            Api.Ocm, ocm, new JsonObject { ["spec"] = new JsonObject { ["version"] = new string('1', 5_000) } });
        var seen = await World.SeesAsync(ocm, "LimitExceeded");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(seen.ReadyCondition.Text("status"), Is.EqualTo("False"));
            Assert.That(seen.Json.Number("status", "observedGeneration"), Is.EqualTo(ready.Generation), "the change stays its owner's");
            Assert.That(seen.Condition("Billed").Text("reason"), Is.EqualTo("Paid"));
            Assert.That(await World.Platform.Api.FindAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(ocm)), Is.Not.Null);
        }

        await World.ApplyOcmAsync(ocm, "0.5.0");
        var again = await World.ReadyAsync(ocm);
        Assert.That(again.Condition("Billed").Text("reason"), Is.EqualTo("Paid"));
    }

    [Test]
    public async Task An_OCM_that_exceeds_a_limit_while_it_is_being_deleted_is_Terminating_until_it_is_shorter()
    {
        using var metrics = new MetricsReader();
        await World.ConfigureAsync();
        World.StartController(metrics: metrics.Metrics);
        var ocm = await World.ReadyTenantAsync();
        await World.Onboarding.Api.MergePatchAsync(
            Api.Ocm, ocm, new JsonObject { ["spec"] = new JsonObject { ["version"] = new string('1', 5_000) } });
        await World.SeesAsync(ocm, "LimitExceeded");

        await World.DeleteOcmAsync(ocm);
        await Eventually.Async(
            () => World.Onboarding.Api.GetAsync(Api.Ocm, ocm, default),
            seen => seen.Text("status", "phase") == "Terminating",
            "the OCM is Terminating");
        await Eventually.Async(
            () => metrics.Read("ocm_not_ready")["LimitExceeded"] > 0
                && metrics.Read("ocm_instances")["Terminating"] > 0
                && metrics.Read("service_provider_ocm_longest_deletion_seconds")[""] > 0,
            "the metrics count it");

        await World.Onboarding.Api.MergePatchAsync(Api.Ocm, ocm, new JsonObject { ["spec"] = new JsonObject { ["version"] = "0.3.0" } });
        await World.GoneAsync(ocm);
    }
}
