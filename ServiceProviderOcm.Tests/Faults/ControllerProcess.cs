using Microsoft.Extensions.Logging.Abstractions;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Telemetry;
using ServiceProviderOcm.Tests.Support.Metrics;

namespace ServiceProviderOcm.Tests.Faults;

/// <summary>One process of the controller, which may end at any time.</summary>
internal sealed class ControllerProcess : IAsyncDisposable
{
    private const string Entries = "service_provider_ocm_entries";

    // No watch ends but by a disturbance.
    private static readonly TimeSpan Forever = TimeSpan.FromDays(1);

    private static readonly ControllerOptions Shipped = new();

    private static readonly TimeSpan LongestEnd = TimeSpan.FromMinutes(1);

    private readonly FaultWorld _world;
    private readonly Trace _trace;
    private readonly CancellationTokenSource _dead = new();
    private readonly MetricsReader _metrics = new();
    private readonly Task _running;
    private readonly FaultCluster? _lagging;
    private FaultCluster? _nextLagging;
    private volatile bool _hasSent;

    /// <summary>Starts a process.</summary>
    /// <param name="world">Where.</param>
    /// <param name="trace">What it does, and what happens to it.</param>
    /// <param name="workers">The number of reconciliations at the same time.</param>
    /// <param name="predecessor">The process before, which may have ended so that this one sees a cluster late; null for none.</param>
    public ControllerProcess(FaultWorld world, Trace trace, int workers, ControllerProcess? predecessor = null)
    {
        _world = world;
        _trace = trace;
        _lagging = predecessor?._nextLagging;
        Dead = _dead.Token;
        _running = Task.Run(() => RunAsync(workers));
    }

    /// <summary>Cancelled when the process ends.</summary>
    public CancellationToken Dead { get; }

    public Activity Activity => _world.Activity;

    /// <summary>Whether it is starting, or something is being reconciled.</summary>
    public bool IsBusy => !Dead.IsCancellationRequested
        && _metrics.Read(Entries) is var entries
        && (!_hasSent || entries.Count == 0 || entries["queue"] > 0 || entries["control_plane_queue"] > 0);

    /// <summary>What it holds in memory, by type.</summary>
    public IReadOnlyDictionary<string, double> Held => _metrics.Read(Entries);

    /// <summary>It sends a request.</summary>
    public void BeginRequest()
    {
        _hasSent = true;
        Activity.Began();
    }

    /// <summary>Whether the watches of a cluster send nothing now.</summary>
    public bool Lags(FaultCluster cluster) => cluster == _lagging && !_trace.IsReleased;

    /// <summary>Ends the process: what it has sent may be processed, and no answer reaches it.</summary>
    /// <param name="nextLagging">The cluster that the next process sees late; null for none.</param>
    public void Die(FaultCluster? nextLagging = null)
    {
        if (!Dead.IsCancellationRequested)
        {
            _nextLagging = nextLagging;
            _dead.Cancel();
        }
    }

    public void ThrowIfDead()
    {
        if (Dead.IsCancellationRequested)
        {
            throw new IOException("the process has ended");
        }
    }

    /// <summary>Waits until the process has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        Die();
        await _running.WaitAsync(LongestEnd);
        _metrics.Dispose();
        _dead.Dispose();
    }

    private async Task RunAsync(int workers)
    {
        var time = _world.Time;
        var api = _world.Identity.Api;
        var clients = ClientOptions.Default.For(api) with { WatchSilence = Forever };
        var open = new UseCount();
        using var controller = new OcmController(
            _world.Identity,
            new KubernetesApi("platform cluster", Source(_world.Platform), clients.WithSharedValues(), time, _metrics.Metrics.Requests),
            new KubernetesApi("onboarding cluster", Source(_world.Onboarding), clients, time, _metrics.Metrics.Requests),
            new KubeconfigConnector(
                name => new KubeconfigSecretSource(name, ConnectionTo(_world.ControlPlane) with { Open = open }),
                source => new KubernetesApi(
                    "control plane",
                    source,
                    ClientOptions.ControlPlane.For(api) with { WatchSilence = Forever },
                    time,
                    _metrics.Metrics.Requests))
            {
                Open = open,
            },
            Shipped with
            {
                Workers = workers,
                ControlPlanes = new ControlPlaneTurnOptions { Workers = workers },
                Informers = Shipped.Informers with { WatchTimeout = Forever },
            },
            time,
            _metrics.Metrics,
            NullLoggerFactory.Instance);
        await controller.RunAsync(CancellationToken.None, Dead);
    }

    private KubeconfigSecretSource Source(FaultCluster cluster)
    {
        var source = new KubeconfigSecretSource(cluster.Name, ConnectionTo(cluster));
        source.Update(cluster.Kubeconfig);
        return source;
    }

    private ConnectionOptions ConnectionTo(FaultCluster cluster) =>
        ClientOptions.Connection with { Handlers = [() => new Wire(this, cluster, _trace, _world.Rules)] };
}
