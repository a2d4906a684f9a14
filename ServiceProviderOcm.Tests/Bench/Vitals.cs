using System.Diagnostics;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Bench;

/// <summary>Whether a Worker is alive, as the kubelet asks, and whether it still holds its Lease.</summary>
internal sealed class Vitals : IAsyncDisposable
{
    // As in deploy/base/deployment.yaml, but more often.
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ProviderWorld _world;
    private readonly WorkerRun _worker;
    private readonly HttpClient _http;
    private readonly KubeObject? _lease;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _probing;
    private int _failures;

    private Vitals(ProviderWorld world, WorkerRun worker, Uri health, KubeObject? lease)
    {
        _world = world;
        _worker = worker;
        // As the kubelet: each probe opens a connection.
        _http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { BaseAddress = health, Timeout = ProbeTimeout };
        _lease = lease;
        _probing = Task.Run(ProbeAsync);
    }

    /// <summary>The slowest answer.</summary>
    public TimeSpan SlowestProbe { get; private set; }

    /// <summary>Starts to probe.</summary>
    public static async Task<Vitals> StartAsync(ProviderWorld world, WorkerRun worker) =>
        new(world, worker, await worker.HealthUrlAsync(), await LeaseAsync(world));

    /// <summary>Stops, and returns what was lost since the start.</summary>
    public async Task<IReadOnlyList<string>> StopAsync()
    {
        await _stop.CancelAsync();
        await _probing;
        var lease = await LeaseAsync(_world);
        var isSameTerm = lease?.Json.Text("spec", "holderIdentity") is { Length: > 0 } holder
            && holder == _lease?.Json.Text("spec", "holderIdentity")
            && lease.Json.Number("spec", "leaseTransitions") == _lease?.Json.Number("spec", "leaseTransitions");
        return
        [
            .. _failures > 0 ? [$"{_failures} probes"] : Array.Empty<string>(),
            .. isSameTerm ? Array.Empty<string>() : ["Lease"],
            .. _worker.HasExited ? ["process"] : Array.Empty<string>(),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _probing;
        _http.Dispose();
        _stop.Dispose();
    }

    private static Task<KubeObject?> LeaseAsync(ProviderWorld world) => world.Platform.Api.FindAsync(
        Kinds.Lease, new ObjectKey(world.PodNamespace, $"{world.Api.Group}--{world.ProviderName}"));

    private async Task ProbeAsync()
    {
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        try
        {
            do
            {
                var sent = Stopwatch.GetTimestamp();
                await ProbeOnceAsync();
                var took = Stopwatch.GetElapsedTime(sent);
                SlowestProbe = took > SlowestProbe ? took : SlowestProbe;
            }
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            // The measurement has ended.
        }
    }

    private async Task ProbeOnceAsync()
    {
        try
        {
            using var answer = await _http.GetAsync("healthz", _stop.Token);
            _failures += answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !_stop.IsCancellationRequested)
        {
            _failures++;
        }
    }
}
