using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Faults;

/// <summary>How often an OCM is reported whose owner, or the administrator of whose control plane, changes it all the time.</summary>
[Category("Sandbox")]
public sealed class ReportLimitTests
{
    private const string Finalizer = "example.com/hold";

    // Longer than a change takes that nothing delays, and much shorter than a report that has to wait for its turn.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly string TooLong = new('1', 5_000);

    private static ObjectKey ToolkitNamespace => ObjectKey.ClusterScoped(ObjectNames.ToolkitNamespace);

    [Test]
    public async Task An_installation_and_several_upgrades_in_a_minute_are_reported_without_delay()
    {
        const int Upgrades = 8;
        var trace = new Trace(null);
        trace.Start();
        await using var world = await StartAsync(trace);
        for (var upgrade = 0; upgrade < Upgrades; upgrade++)
        {
            var began = world.Time.Now;
            await world.ApplyOcmAsync($"0.4.{upgrade}");
            await Eventually.Async(
                async () =>
                {
                    await world.AdvanceAsync(TimeSpan.FromMilliseconds(10));
                    return IsReady(world);
                },
                "the upgrade is reported");
            Assert.That(world.Time.Now - began, Is.LessThan(Pause), $"upgrade {upgrade}");
        }

        Assert.That(Count(trace, "ocms/status"), Is.LessThanOrEqualTo(3 + (2 * Upgrades)));
    }

    [Test]
    public async Task A_control_plane_whose_namespace_comes_and_goes() => await FloodAsync(
        async world =>
        {
            await world.ControlPlane.Api.MergePatchAsync(Kinds.Namespace, ToolkitNamespace, Finalizers(new JsonArray(Finalizer)));
            await world.ControlPlane.Api.DeleteAsync(Kinds.Namespace, ToolkitNamespace);
            await world.AdvanceAsync(Pause);
            await world.ControlPlane.Api.MergePatchAsync(Kinds.Namespace, ToolkitNamespace, Finalizers(null));
        });

    [Test]
    public async Task A_version_that_is_too_long_every_other_time() => await FloodAsync(
        async world =>
        {
            await world.ApplyOcmAsync(TooLong);
            await world.AdvanceAsync(Pause);
            await world.ApplyOcmAsync("0.3.0");
        });

    [Test]
    public async Task An_OCM_that_is_deleted_and_created_again_and_again() => await FloodAsync(
        async world =>
        {
            await world.DeleteOcmAsync();
            await world.AdvanceAsync(Pause);
            await world.ApplyOcmAsync("0.3.0");
        });

    private static async Task FloodAsync(Func<FaultWorld, Task> changeAsync)
    {
        const int Changes = 60;
        var trace = new Trace(null);
        await using var world = await StartAsync(trace);
        trace.Start();
        var began = world.Time.Now;
        for (var change = 0; change < Changes; change++)
        {
            await changeAsync(world);
            await world.AdvanceAsync(Pause);
        }

        var most = ReportPace.OcmBurst + ((world.Time.Now - began) / ReportPace.OcmInterval) + 1;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Count(trace, "ocms/status"), Is.LessThanOrEqualTo(most).And.GreaterThan(ReportPace.OcmBurst / 2));
            Assert.That(Count(trace, "events"), Is.LessThanOrEqualTo(most));
        }

        // One that was still being deleted is gone.
        await world.SettleAsync();
        await world.ApplyOcmAsync("0.3.0");
        await world.SettleAsync(() => IsReady(world));
    }

    private static async Task<FaultWorld> StartAsync(Trace trace)
    {
        var world = await FaultWorld.CreateAsync(trace);
        await world.ApplyOcmAsync("0.3.0");
        await world.StartAsync();
        await world.SettleAsync(() => IsReady(world));
        return world;
    }

    private static JsonObject Finalizers(JsonArray? finalizers) => new() { ["metadata"] = new JsonObject { ["finalizers"] = finalizers } };

    private static bool IsReady(FaultWorld world) =>
        world.Onboarding.Find(world.Identity.Api.Ocm, world.Ocm) is { } ocm
        && ocm.Json.Number("status", "observedGeneration") == ocm.Generation
        && ocm.ReadyCondition.Text("status") == "True";

    private static int Count(Trace trace, string resource) => trace.Requests.Count(request => request.Contains($" onboarding {resource}", StringComparison.Ordinal));
}
