using System.Diagnostics;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Bench;

/// <summary>
/// Brings many tenants to Ready with the built Worker on real servers, and counts what that takes; beside it, in the same
/// run, the floor: the same writes sent by a plain loop.
/// </summary>
public static class Benchmark
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

    public static async Task RunAsync(int tenants, TimeSpan idle, CancellationToken cancellationToken)
    {
        await using var world = await ProviderWorld.OnSharedServersAsync(new ProviderApi(ProviderApi.DefaultGroup));
        await world.PullSecretAsync();
        await world.ConfigureAsync(new JsonObject
        {
            ["pollInterval"] = "1m",
            ["imagePullSecret"] = new JsonObject { ["name"] = ProviderWorld.PullSecretName },
            ["values"] = new JsonObject { ["manager"] = new JsonObject { ["replicas"] = 1 } },
        });

        Say($"{tenants} tenants for the floor: a plain loop with {Floor.Concurrency} requests at once");
        var floor = await MeasureFloorAsync(world, await PrepareAsync(world, "floor", tenants), cancellationToken);

        Say($"{tenants} tenants for the Worker");
        var keys = await PrepareAsync(world, "bench", tenants);
        var result = await MeasureWorkerAsync(world, keys, idle, cancellationToken);
        BenchmarkTable.Print(Console.Out, tenants, idle, floor, result);
    }

    private static async Task<List<ObjectKey>> PrepareAsync(ProviderWorld world, string prefix, int tenants)
    {
        var keys = Enumerable.Range(0, tenants).Select(number => world.Ocm($"{prefix}-{number:0000}")).ToList();
        await Parallel.ForEachAsync(keys, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (key, _) =>
        {
            await world.ControlPlaneAsync(key);
            await world.ApplyOcmAsync(key);
        });
        return keys;
    }

    private static async Task<TimeSpan> MeasureFloorAsync(ProviderWorld world, List<ObjectKey> keys, CancellationToken cancellationToken)
    {
        using var floor = new Floor(world);
        var clock = Stopwatch.StartNew();
        await floor.WriteAllAsync(keys, cancellationToken);
        await Eventually.Async(
            () => world.Platform.Api.ListAllAsync(PlatformKinds.HelmRelease),
            all => all.Count(release => FluxStatus.Of(release, SecretValues.None).Phase == Phase.Ready) >= keys.Count,
            "Flux is done with the floor",
            Timeout);
        var elapsed = clock.Elapsed;
        await world.Onboarding.CleanAsync(world.Api.Ocm);
        return elapsed;
    }

    private static async Task<BenchmarkResult> MeasureWorkerAsync(
        ProviderWorld world, List<ObjectKey> keys, TimeSpan idle, CancellationToken cancellationToken)
    {
        var marks = (Platform: world.Platform.AuditLog.Mark(), Onboarding: world.Onboarding.AuditLog.Mark());
        await using var worker = world.StartWorker($"--onboarding-kubeconfig={world.KubeconfigFile(world.Onboarding, world.User)}");
        var clock = Stopwatch.StartNew();
        await Eventually.Async(
            () => world.Onboarding.Api.ListAllAsync(world.Api.Ocm),
            all => all.Count(ocm => ocm.Json.Text("status", "phase") == "Ready") >= keys.Count,
            "all tenants are Ready",
            Timeout);
        var elapsed = clock.Elapsed;
        worker.Process.Refresh();
        var cpuUntilReady = worker.Process.TotalProcessorTime;
        var untilReady = ProviderRequests(world, marks);

        // The Events of the last tenants may still be under way, and audit entries with them.
        await Eventually.Async(
            () => ProviderRequests(world, marks).Count(entry => entry is { Resource: "events", Code: < 300 }) >= keys.Count, "the last Event is written", Timeout);
        untilReady = ProviderRequests(world, marks);
        marks = (world.Platform.AuditLog.Mark(), world.Onboarding.AuditLog.Mark());
        Say($"all Ready after {elapsed.TotalSeconds:0.0} s; {idle.TotalSeconds} s idle");
        await Task.Delay(idle, TimeProvider.System, cancellationToken);
        worker.Process.Refresh();
        return new BenchmarkResult(
            elapsed,
            untilReady,
            ProviderRequests(world, marks),
            worker.Process.PeakWorkingSet64,
            cpuUntilReady,
            worker.Process.TotalProcessorTime,
            await Reactions.MeasureAsync(world, keys));
    }

    private static List<AuditEntry> ProviderRequests(ProviderWorld world, (long Platform, long Onboarding) marks) =>
    [
        .. world.Platform.AuditLog.Since(marks.Platform)
            .Concat(world.Onboarding.AuditLog.Since(marks.Onboarding))
            .Where(entry => entry.IsFromProvider()),
    ];

    private static void Say(string text) => Console.Error.WriteLine($"bench: {text}");
}
