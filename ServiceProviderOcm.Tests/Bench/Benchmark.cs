using System.Diagnostics;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Bench;

/// <summary>Runs a scenario of docs/performance.md on the API servers of the run.</summary>
public static class Benchmark
{
    private const string IdleRequests = "0 but renewed watches";

    /// <summary>
    /// <c>install</c>: brings tenants to Ready with the Worker, after the floor: the same writes sent by a plain loop for as many others.
    /// </summary>
    public static async Task<BenchmarkResult> InstallAsync(int tenants, TimeSpan idle, CancellationToken cancellationToken)
    {
        await using var fleet = await Fleet.CreateAsync();
        Say($"{tenants} tenants for the floor: a plain loop with {Floor.Concurrency} requests at once");
        var floor = await MeasureFloorAsync(fleet, await fleet.AddAsync("floor", tenants), cancellationToken);

        Say($"{tenants} tenants for the Worker");
        var keys = await fleet.AddAsync("bench", tenants);
        await using var run = WorkerRun.Start(fleet.World);
        await fleet.ReadyAsync(keys.Count);
        var elapsed = run.Elapsed;
        var cpu = run.Cpu;
        var requests = await run.RequestsUntilLastEventAsync(keys.Count);

        Say($"all Ready after {elapsed.TotalSeconds:0.0} s; {idle.TotalSeconds} s idle");
        await Task.Delay(idle, TimeProvider.System, cancellationToken);
        var idleRequests = run.Requests();
        var idleCpu = run.Cpu - cpu;
        var reactions = tenants == 0 ? [] : (await Reactions.MeasureAsync(fleet.World, keys)).Measures(tenants);
        return new BenchmarkResult(
            "install",
            tenants,
            [
                new Measure("writes per tenant to Ready", PerTenant(requests.Count(entry => entry.IsProviderWrite()), tenants), 2, "8"),
                new Measure($"requests in the {idle.TotalSeconds:0} s after", idleRequests.Count, 0, IdleRequests),
                new Measure("seconds to all Ready, process start included", elapsed.TotalSeconds, 2),
                new Measure("seconds of the floor", floor.TotalSeconds, 2),
                new Measure("ratio", elapsed / floor, 2, "1.3"),
                .. run.MemoryMeasures(tenants),
                new Measure(Measure.CpuUntilReady, cpu.TotalSeconds, 1),
                new Measure($"CPU seconds in the {idle.TotalSeconds:0} s after", idleCpu.TotalSeconds, 1),
                .. reactions,
            ],
            [("until Ready", requests), ($"in the {idle.TotalSeconds:0} s after", idleRequests)]);
    }

    /// <summary><c>restart</c>: starts the Worker on a fleet that is Ready, where it has nothing to write.</summary>
    public static async Task<BenchmarkResult> RestartAsync(int tenants, TimeSpan idle, CancellationToken cancellationToken)
    {
        await using var fleet = await Fleet.CreateAsync(pollInterval: "1h");
        Say($"{tenants} tenants, brought to Ready by a first Worker");
        await fleet.AddAsync("bench", tenants);
        await using (var first = WorkerRun.Start(fleet.World))
        {
            await fleet.ReadyAsync(tenants);
            await first.IdleAsync(cancellationToken);
            await first.StopAsync();
        }

        Say("the floor: the same lists, read and dropped");
        var (floor, size) = await PlainLists.ReadAsync(fleet.World, cancellationToken);
        Say("restart");
        await using var run = WorkerRun.Start(fleet.World);
        var ready = await run.ReadyAsync();
        var settled = await run.IdleAsync(cancellationToken);
        var cpu = run.Cpu;
        await Task.Delay(idle, TimeProvider.System, cancellationToken);
        var requests = run.Requests();
        return new BenchmarkResult(
            "restart",
            tenants,
            [
                new Measure("writes", requests.Count(entry => entry.IsProviderWrite()), 0, "0"),
                new Measure("seconds until `/readyz` succeeds", ready.TotalSeconds, 1),
                new Measure("seconds until idle", settled.TotalSeconds, 1, "15"),
                new Measure("seconds of the floor: the same lists, read and dropped", floor.TotalSeconds, 1),
                new Measure("ratio of `/readyz` to the floor", ready / floor, 2),
                new Measure("MiB of the lists", size, 1),
                .. run.MemoryMeasures(tenants),
                new Measure("CPU seconds until idle", cpu.TotalSeconds, 1),
            ],
            [("since the start", requests)]);
    }

    private static async Task<TimeSpan> MeasureFloorAsync(Fleet fleet, IReadOnlyList<ObjectKey> keys, CancellationToken cancellationToken)
    {
        using var floor = new Floor(fleet.World);
        var clock = Stopwatch.StartNew();
        await floor.WriteAllAsync(keys, cancellationToken);
        await Fleet.WaitAsync(
            async () => (await fleet.World.Platform.Api.ListAllAsync(PlatformKinds.HelmRelease))
                .Count(release => FluxStatus.Of(release, SecretValues.None).Phase == Phase.Ready) >= keys.Count);
        var elapsed = clock.Elapsed;
        await fleet.RemoveAllAsync();
        return elapsed;
    }

    private static double PerTenant(double value, int tenants) => tenants == 0 ? value : value / tenants;

    private static void Say(string text) => Console.Error.WriteLine($"bench: {text}");
}
