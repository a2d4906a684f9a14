using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Faults;

/// <summary>How often operations on an OCM are carried out, with a clock that is advanced.</summary>
[Category("Sandbox")]
public sealed class OperationLimitTests
{
    private static readonly ControllerOptions Defaults = new();

    [Test]
    public async Task An_operation_that_is_requested_again_and_again_is_carried_out_later_and_not_lost()
    {
        var trace = new Trace(null);
        await using var world = await UsedUpAsync(trace);

        await RequestAsync(world);
        await world.ApplyOcmAsync("0.5.0");
        await UntilAsync(world, () => IsReady(world, "0.5.0"), "the change is applied at once");

        Assert.That((Applied(trace), IsRequested(world)), Is.EqualTo((Defaults.OperationBurst, true)), "the operation waits");

        await world.SettleAsync(() => !IsRequested(world));
        Assert.That(Applied(trace), Is.EqualTo(Defaults.OperationBurst + 1));
    }

    [Test]
    public async Task An_OCM_that_is_deleted_and_created_again_has_no_more_operations()
    {
        await using var world = await UsedUpAsync(new Trace(null));

        await world.DeleteOcmAsync();
        await UntilAsync(world, () => world.Onboarding.Find(world.Identity.Api.Ocm, world.Ocm) is null, "the OCM is gone");
        await world.ApplyOcmAsync("0.5.0");
        await UntilAsync(world, () => IsReady(world, "0.5.0"), "it is installed again");
        await RequestAsync(world);
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.That(IsRequested(world), "the operation waits");
        await world.SettleAsync(() => !IsRequested(world));
    }

    // As many operations were carried out as are allowed at once.
    private static async Task<FaultWorld> UsedUpAsync(Trace trace)
    {
        var world = await FaultWorld.CreateAsync(trace);
        await world.ApplyOcmAsync("0.3.0");
        await world.StartAsync();
        await world.SettleAsync(() => IsReady(world, "0.3.0"));
        trace.Start();
        for (var request = 0; request < Defaults.OperationBurst; request++)
        {
            await RequestAsync(world);
            await UntilAsync(world, () => !IsRequested(world), "the operation is carried out");
        }

        return world;
    }

    // The clock is advanced by much less than after what another operation is allowed.
    private static Task UntilAsync(FaultWorld world, Func<bool> isReached, string because) => Eventually.Async(
        async () =>
        {
            await world.AdvanceAsync(TimeSpan.FromMilliseconds(10));
            return isReached();
        },
        because);

    private static Task<KubeObject> RequestAsync(FaultWorld world) => world.Onboarding.Api.MergePatchAsync(
        world.Identity.Api.Ocm,
        world.Ocm,
        new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Operation.Annotation] = "reconcile" } } });

    private static KubeObject Ocm(FaultWorld world) => world.Onboarding.Find(world.Identity.Api.Ocm, world.Ocm)!;

    private static bool IsRequested(FaultWorld world) => Operation.IsReconcile(Ocm(world));

    private static bool IsReady(FaultWorld world, string version) =>
        Ocm(world) is var ocm
        && ocm.Json.Text("spec", "version") == version
        && ocm.Json.Number("status", "observedGeneration") == ocm.Generation
        && ocm.ReadyCondition.Text("status") == "True";

    // AccessRequests are applied only when they are missing or by an operation.
    private static int Applied(Trace trace) => trace.Requests.Count(request => request.StartsWith("patch platform accessrequests", StringComparison.Ordinal));
}
