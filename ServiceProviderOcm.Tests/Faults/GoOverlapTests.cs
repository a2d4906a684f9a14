using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Faults;

/// <summary>
/// The Go provider, without a Lease, runs beside this one for a minute, with another image pull secret and other Helm values. The clock is
/// advanced, so that each reacts after its real delays.
/// </summary>
[Category("Sandbox")]
public sealed class GoOverlapTests
{
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(60);

    // Each write of the Go provider is reverted, but not again and again.
    private const int MostWritesPerReconciliation = 8;

    [TestCase(1)]
    [TestCase(10)]
    [TestCase(30)]
    public async Task Both_providers_for_a_minute_settle_without_a_reinstallation(int secondsBetweenReconciliations)
    {
        var interval = TimeSpan.FromSeconds(secondsBetweenReconciliations);
        await using var world = await FaultWorld.CreateAsync(new Trace(null));
        var before = await TakenOverAsync(world);
        using var go = Go(world);
        HashSet<string> reasons = [];
        var (writes, reconciliations) = (world.Activity.Writes, 0);
        for (var elapsed = TimeSpan.Zero; elapsed < Overlap; elapsed += interval)
        {
            await go.WriteAsync(world.Ocm);
            await world.AdvanceAsync(interval);
            reasons.Add(Ready(world).Text("reason") ?? "");
            reconciliations++;
        }

        await TestContext.Out.WriteLineAsync(
            $"{reconciliations} reconciliations of the Go provider, {world.Activity.Writes - writes} writes in all; {string.Join(", ", reasons)}");
        var perReconciliation = (double)(world.Activity.Writes - writes) / reconciliations;
        await world.SettleAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Uids(world), Is.EqualTo(before));
            Assert.That(world.Flux.Uninstalled, Is.Empty);
            Assert.That(Ready(world).Text("status"), Is.EqualTo("True"));
            Assert.That(Release(world).At("spec", "values", "replicas"), Is.Null, "the values are those of the ProviderConfig");
            Assert.That(perReconciliation, Is.LessThanOrEqualTo(MostWritesPerReconciliation));
        }

        var settled = world.Activity.Writes;
        await world.AdvanceAsync(TimeSpan.FromMinutes(10));
        Assert.That(world.Activity.Writes, Is.EqualTo(settled), "nothing is written afterwards");
    }

    // Installed by the Go provider, then taken over.
    private static async Task<IReadOnlyList<string>> TakenOverAsync(FaultWorld world)
    {
        await world.StartAsync();
        using var go = Go(world);
        await go.WriteAsync(world.Ocm);
        await world.SettleAsync();
        var uids = Uids(world);
        await world.StepAsync(each => each.ApplyOcmAsync("0.3.0"));
        Assert.That(Ready(world).Text("status"), Is.EqualTo("True"));
        return uids;
    }

    private static GoWriter Go(FaultWorld world) => new(
        world.Identity.Api,
        world.Identity.PodNamespace,
        world.Platform.CreateApi(GoWriter.Name),
        world.ControlPlane.CreateApi(GoWriter.Name))
    {
        PullSecret = FaultWorld.PullSecret,
        Values = new JsonObject { ["replicas"] = 2 },
    };

    private static KubeObject Release(FaultWorld world) =>
        world.Platform.Find(PlatformKinds.HelmRelease, new ObjectKey(world.TenantNamespace, ObjectNames.Flux))!;

    private static System.Text.Json.JsonElement Ready(FaultWorld world) =>
        world.Onboarding.Find(world.Identity.Api.Ocm, world.Ocm)!.ReadyCondition;

    private static IReadOnlyList<string> Uids(FaultWorld world) =>
    [
        Release(world).Uid,
        world.Platform.Find(PlatformKinds.OciRepository, new ObjectKey(world.TenantNamespace, ObjectNames.Flux))!.Uid,
        world.Platform.Find(
            PlatformKinds.AccessRequest,
            new ObjectKey(world.TenantNamespace, ObjectNames.AccessRequest(world.Identity.Api, world.Ocm.Name)))!.Uid,
    ];
}
