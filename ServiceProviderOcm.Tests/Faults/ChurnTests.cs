using System.Globalization;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Tests.Faults;

/// <summary>OCMs come and go, 100 at a time: nothing of them is left in the controller.</summary>
[Category("Churn")]
[NonParallelizable]
public sealed class ChurnTests
{
    private const string Variable = "FAULTS_CHURN";
    private const int Few = 1000;
    private const int Batch = 100;
    private const int WarmUp = 500;
    private const long Tolerance = 5 << 20;

    // ArrayPool<T>.Shared drops a thread's buffers after 30 s.
    private static readonly TimeSpan UnusedBufferTime = TimeSpan.FromSeconds(31);

    // How often something was done for an OCM or a namespace is known for less, also when it is gone.
    private static readonly TimeSpan LimitsReturn = TimeSpan.FromHours(1);

    [Test]
    public async Task Memory_and_entries_return_to_their_initial_values()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out var number) ? number : Few;
        await using var world = await FaultWorld.CreateAsync(new Trace(null), workers: 10, history: 200);
        await world.StartAsync();
        var entries = world.Process.Held;
        var warm = 0L;
        for (var done = 0; done < count; done += Batch)
        {
            await CreateAndDeleteAsync(world, [.. Enumerable.Range(done, Batch).Select(index => new ObjectKey(world.Ocm.Namespace, $"churn-{index}"))]);
            warm = done + Batch == WarmUp ? await MemoryAsync(world) : warm;
        }

        await world.AdvanceAsync(LimitsReturn);
        var left = await MemoryAsync(world);
        await TestContext.Out.WriteLineAsync($"{count} OCMs: {warm >> 10} KiB after {WarmUp}, {left >> 10} KiB at the end");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(left - warm, Is.LessThanOrEqualTo(Tolerance));
            Assert.That(world.Process.Held, Is.EquivalentTo(entries));
        }
    }

    private static async Task CreateAndDeleteAsync(FaultWorld world, IReadOnlyList<ObjectKey> ocms)
    {
        foreach (var ocm in ocms)
        {
            await world.TenantAsync(ocm);
            await world.ApplyOcmAsync("0.3.0", ocm);
        }

        await world.SettleAsync();
        var ready = ocms.Count(ocm => world.Onboarding.Find(world.Identity.Api.Ocm, ocm)!.ReadyCondition.Text("status") == "True");
        Assert.That(ready, Is.EqualTo(ocms.Count), "all are Ready");
        foreach (var ocm in ocms)
        {
            await world.DeleteOcmAsync(ocm);
        }

        await world.SettleAsync();
        Assert.That(ocms.Where(ocm => world.Onboarding.Find(world.Identity.Api.Ocm, ocm) is not null), Is.Empty, "all are gone");
        foreach (var ocm in ocms)
        {
            var ns = PlatformNames.TenantNamespace(ocm.Namespace, ocm.Name);
            await world.Platform.Api.DeleteAsync(PlatformKinds.ClusterRequest, new ObjectKey(ns, ocm.Name));
            await world.Platform.Api.DeleteAsync(Kinds.Namespace, ObjectKey.ClusterScoped(ns));
        }

        // They would expire after an hour.
        foreach (var item in await world.Onboarding.Api.ListAllAsync(Kinds.Event))
        {
            await world.Onboarding.Api.DeleteAsync(Kinds.Event, item.Key);
        }

        await world.SettleAsync();
    }

    // Without the history of the servers, and without the buffers that each thread keeps for itself: how many threads there are depends on the
    // machine's load. The runtime drops those that were not used between two collections.
    private static async Task<long> MemoryAsync(FaultWorld world)
    {
        foreach (var cluster in world.Clusters)
        {
            cluster.Server.Compact();
        }

        foreach (var pause in (TimeSpan[])[UnusedBufferTime, TimeSpan.Zero])
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Delay(pause, TimeProvider.System);
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
