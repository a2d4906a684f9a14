using System.Diagnostics;
using ServiceProviderOcm.Tests.Bench.Attacks;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Bench;

/// <summary><c>deletion</c>: deletes OCMs that are Ready, all at once, without user objects on their control plane.</summary>
internal static class DeletionBenchmark
{
    private const string ToolkitGroup = "delivery.ocm.software";

    public static async Task<BenchmarkResult> RunAsync(int tenants)
    {
        await using var fleet = await Fleet.CreateAsync();
        var keys = await fleet.AddAsync("bench", tenants);
        await using var run = WorkerRun.Start(fleet.World);
        await fleet.ReadyAsync(tenants);
        await run.IdleAsync(CancellationToken.None);
        run.Requests();
        var cpu = run.Cpu;

        var clock = Stopwatch.StartNew();
        await Arena.ForEachAsync(keys, fleet.World.DeleteOcmAsync);
        await Fleet.WaitAsync(
            async () => (await fleet.World.Onboarding.Api.ListAsync(fleet.World.Api.Ocm, new(Limit: 1), default)).Items.Count == 0);
        var elapsed = clock.Elapsed;
        var used = run.Cpu - cpu;
        await run.IdleAsync(CancellationToken.None);
        var requests = run.Requests();
        return new BenchmarkResult(
            "deletion",
            tenants,
            [
                new Measure($"seconds until the last of {tenants} is gone", elapsed.TotalSeconds, 2, "10"),
                new Measure("requests per OCM, without those about user objects", (double)requests.Count(entry => !IsAboutUserObjects(entry)) / tenants, 2, "12"),
                new Measure("requests per OCM about user objects", (double)requests.Count(IsAboutUserObjects) / tenants, 2, "2"),
                new Measure("watches on control planes", requests.Count(entry => entry.Verb == "watch" && entry.Group == ToolkitGroup), 0, "0"),
                new Measure("CPU seconds", used.TotalSeconds, 1),
            ],
            [("deletion", requests)]);
    }

    private static bool IsAboutUserObjects(AuditEntry entry) => entry.Group == ToolkitGroup;
}
