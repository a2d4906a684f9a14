namespace ServiceProviderOcm.Tests.Bench;

/// <summary><c>rotation</c>: rotates the image pull secret of which each tenant has a copy, several times.</summary>
internal static class RotationBenchmark
{
    private const int Rotations = 5;

    public static async Task<BenchmarkResult> RunAsync(int tenants)
    {
        await using var fleet = await Fleet.CreateAsync();
        var keys = await fleet.AddAsync("bench", tenants);
        await using var run = WorkerRun.Start(fleet.World);
        await fleet.ReadyAsync(tenants);
        await run.IdleAsync(CancellationToken.None);
        run.Requests();
        var cpu = run.Cpu;
        var latencies = new Latencies();
        for (var number = 0; number < Rotations; number++)
        {
            latencies.Add(await SecretCopies.RotateAsync(fleet.World, tenants, $"rotated-{number}"));
        }

        var used = run.Cpu - cpu;
        await run.IdleAsync(CancellationToken.None);
        var requests = run.Requests();
        await run.StopAsync();
        var floor = await SecretCopies.WriteAllAsync(fleet.World, keys);
        return new BenchmarkResult(
            "rotation",
            tenants,
            [
                new Measure($"ms until a rotated image pull secret reaches the last of {tenants} tenants: median", latencies.Quantile(0.5), 0, "2000"),
                new Measure("the same, slowest", latencies.Max),
                new Measure("ms of the floor: a plain loop with as many writes", floor.TotalMilliseconds),
                new Measure("ratio of the median to the floor", latencies.Quantile(0.5) / floor.TotalMilliseconds, 2),
                new Measure("CPU ms per tenant and rotation", used.TotalMilliseconds / tenants / Rotations, 2),
            ],
            [($"{Rotations} rotations", requests)]);
    }
}
