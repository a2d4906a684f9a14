using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Bench;

/// <summary><c>change</c>: one tenant changes its version while all others are reconciled because the ProviderConfig changed.</summary>
internal static class ChangeBenchmark
{
    private const int FanOuts = 5;

    // At a time: others for each change of the ProviderConfig, because a tenant changes seldom after its first changes.
    private const int Neighbours = 4;

    public static async Task<BenchmarkResult> RunAsync(int tenants)
    {
        await using var fleet = await Fleet.CreateAsync(pollInterval: "1h");
        var world = fleet.World;
        await fleet.AddAsync("bench", tenants);
        await using var run = WorkerRun.Start(world);
        await fleet.ReadyAsync(tenants);
        await using var watch = new PlainWatch(world.Onboarding, world.Api.Ocm);
        var neighbours = new List<Neighbour>();
        for (var number = 0; number < FanOuts * Neighbours; number++)
        {
            neighbours.Add(await Neighbour.CreateAsync(world, watch, number));
        }

        await run.IdleAsync(CancellationToken.None);
        run.Requests();
        var latencies = new NeighbourLatencies();
        foreach (var (number, changing) in neighbours.Chunk(Neighbours).Index())
        {
            using var reached = new CancellationTokenSource();
            await ConfigureAsync(world, replicas: number + 2);
            var changes = Task.WhenAll(changing.Select(neighbour => neighbour.RunAsync(latencies, reached.Token)));
            await run.WritesAsync("helmreleases", (tenants + neighbours.Count) * (number + 1));
            await reached.CancelAsync();
            await changes;
        }

        foreach (var neighbour in neighbours)
        {
            await neighbour.DisposeAsync();
        }

        return new BenchmarkResult(
            "change",
            tenants,
            [
                new Measure($"ms until a tenant's change is applied while {tenants} others are reconciled: median", latencies.Applied.Quantile(0.5)),
                new Measure("the same, 99th percentile", latencies.Applied.Quantile(0.99), 0, tenants <= 200 ? "200" : "500"),
                new Measure("changes", latencies.Applied.Count),
                new Measure("ms that the API server takes to accept the change, 99th percentile", latencies.Server.Quantile(0.99)),
                new Measure("ms until the API server sends the change to a plain watch, 99th percentile", latencies.Watch.Quantile(0.99)),
            ],
            [($"{FanOuts} changes of the ProviderConfig", run.Requests())]);
    }

    private static Task<KubeObject> ConfigureAsync(ProviderWorld world, int replicas) => world.Platform.Api.MergePatchAsync(
        world.Api.ProviderConfig,
        ObjectKey.ClusterScoped(world.ProviderName),
        new JsonObject { ["spec"] = new JsonObject { ["values"] = new JsonObject { ["manager"] = new JsonObject { ["replicas"] = replicas } } } });
}
