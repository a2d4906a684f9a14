using ServiceProviderOcm.Tests.Bench.Attacks;
using ServiceProviderOcm.Tests.Deploy;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Bench;

/// <summary>
/// <c>hostile</c>: attacks the Worker in one way after the other, while well-behaved tenants change the versions of their OCMs.
/// </summary>
internal sealed class HostileBenchmark : IAsyncDisposable
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly ProviderWorld _world;
    private readonly Arena _arena;
    private readonly PlainWatch _watch;
    private readonly TimeSpan _duration;
    private readonly int _neighbours;
    private readonly DeployedSize _size;
    private readonly MemoryCgroup? _cgroup;
    private WorkerRun? _worker;
    private int _created;

    private HostileBenchmark(ProviderWorld world, int neighbours, TimeSpan duration, DeployedSize size)
    {
        _world = world;
        _arena = new Arena(world);
        _watch = new PlainWatch(world.Onboarding, world.Api.Ocm);
        _neighbours = neighbours;
        _duration = duration;
        _size = size;
        _cgroup = MemoryCgroup.TryCreate(size.MemoryLimit);
    }

    /// <summary>Runs attacks.</summary>
    /// <param name="neighbours">The number of well-behaved tenants.</param>
    /// <param name="duration">How long each attack lasts at least.</param>
    /// <param name="only">Only attacks whose name contains this text.</param>
    /// <param name="size">The overlay in <c>deploy/</c> whose limits hold; empty for those of the base.</param>
    /// <param name="cancellationToken">Ends the benchmark.</param>
    public static async Task<BenchmarkResult> RunAsync(
        int neighbours, TimeSpan duration, string only, string size, CancellationToken cancellationToken)
    {
        await using var fleet = await Fleet.CreateAsync(withControlPlaneObjects: true);
        await using var benchmark = new HostileBenchmark(fleet.World, neighbours, duration, await DeployedSize.OfAsync(size));
        await Console.Error.WriteLineAsync(
            benchmark._cgroup is null
                ? "bench: cgroups are not writable here; only VmHWM is compared with the memory limit"
                : "bench: a cgroup limits the controller's memory");
        await fleet.World.NamespaceAsync(fleet.World.Onboarding, benchmark._arena.Namespace);
        await benchmark.StartWorkerAsync();
        var results = new List<AttackResult> { await benchmark.AttackAsync(new NoAttack("none")) };
        foreach (var attack in AllAttacks.Of(fleet.World.Api).Where(attack => attack.Name.Contains(only, StringComparison.OrdinalIgnoreCase)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            results.Add(await benchmark.AttackAsync(attack));
        }

        return new BenchmarkResult("hostile", neighbours, [.. results.SelectMany(result => result.Measures())], []) { Attacks = results };
    }

    public async ValueTask DisposeAsync()
    {
        await _watch.DisposeAsync();
        if (_worker is not null)
        {
            await _worker.DisposeAsync();
        }

        _cgroup?.Dispose();
    }

    private async Task<AttackResult> AttackAsync(Attack attack)
    {
        await Console.Error.WriteLineAsync($"bench: {attack.Name}");
        using var stopping = new CancellationTokenSource();
        await RestartWorkerAsync();
        var neighbours = await NeighboursAsync();
        _worker!.ResetPeaks();
        if (attack.PrecedesWorker)
        {
            await _worker.StopAsync();
            await attack.StartAsync(_arena, stopping.Token);
            await RestartWorkerAsync();
        }

        await using var vitals = await Vitals.StartAsync(_world, _worker);
        using var ended = new CancellationTokenSource();
        var latencies = new NeighbourLatencies();
        var cpu = _worker.Cpu;
        var measuring = Task.WhenAll(neighbours.Select(neighbour => neighbour.RunAsync(latencies, ended.Token)));
        var duration = Task.Delay(_duration, TimeProvider.System, CancellationToken.None);
        if (!attack.PrecedesWorker)
        {
            await attack.StartAsync(_arena, stopping.Token);
        }

        await duration;
        await ended.CancelAsync();
        await measuring;
        foreach (var neighbour in neighbours)
        {
            await neighbour.DisposeAsync();
        }

        var losses = await vitals.StopAsync();
        var result = new AttackResult(
            attack.Name, latencies, _worker.PeakResident, _size.MemoryLimit >> 20, _worker.HasExited ? TimeSpan.Zero : _worker.Cpu - cpu, vitals.SlowestProbe, losses);
        await Console.Error.WriteLineAsync(
            $"bench:   applied p99 {latencies.Applied.Quantile(0.99):0} ms, Ready p99 {latencies.Ready.Quantile(0.99):0} ms, "
            + $"{result.PeakResident:0} MiB, CPU {result.Cpu.TotalSeconds:0.0} s, missed: {string.Join(", ", result.Missed)}");
        await stopping.CancelAsync();
        await attack.StopAsync(_arena);
        await Task.Delay(Rest, TimeProvider.System, CancellationToken.None);
        return result;
    }

    // Others for each attack: a tenant that changed its OCM once a second all the time would not be well-behaved.
    private async Task<IReadOnlyList<Neighbour>> NeighboursAsync()
    {
        var neighbours = new List<Neighbour>();
        for (var number = 0; number < _neighbours; number++)
        {
            neighbours.Add(await Neighbour.CreateAsync(_world, _watch, _created++));
        }

        return neighbours;
    }

    private async Task RestartWorkerAsync()
    {
        if (_worker!.HasExited)
        {
            await _worker.DisposeAsync();
            await StartWorkerAsync();
        }
    }

    private async Task StartWorkerAsync()
    {
        // .NET limits its heap to three quarters of the memory limit that its container has when it starts.
        var heap = $"0x{_size.MemoryLimit * 3 / 4:x}";
        _worker = WorkerRun.Start(
            _world,
            new Dictionary<string, string?> { ["DOTNET_GCHeapHardLimit"] = heap },
            ["--standalone", "--leader-elect=true", "--metrics-bind-address=127.0.0.1:0", .. _size.Limits]);
        _cgroup?.Add(_worker.ProcessId);
        await _worker.ReadyAsync();
        _arena.MetricsUrl = await _worker.MetricsUrlAsync();
        _arena.HealthUrl = await _worker.HealthUrlAsync();
    }

    // What others measure without any attack.
    private sealed class NoAttack(string name) : Attack(name)
    {
        protected override Task BeginAsync(Arena arena) => Task.CompletedTask;
    }
}
