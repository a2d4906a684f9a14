using System.Diagnostics;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Bench;

/// <summary>A running Worker under measurement.</summary>
public sealed class WorkerRun : IAsyncDisposable
{
    private const double MiB = 1024 * 1024;

    // Idle: less than 2 % of one processor, for so many seconds in a row.
    // Longer than the status of the ProviderConfig waits for further changes.
    private const int IdleSeconds = 7;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan IdleCpu = TimeSpan.FromMilliseconds(20);

    private readonly ProviderWorld _world;
    private readonly WorkerProcess _worker;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly ProcessMemory _memory;
    private (long Platform, long Onboarding, long ControlPlane) _marks;

    private WorkerRun(ProviderWorld world, Func<WorkerProcess> start)
    {
        _world = world;
        _marks = Marks();
        _worker = start();
        _memory = ProcessMemory.Sample(_worker.Id);
    }

    /// <summary>The process.</summary>
    public int ProcessId => _worker.Id;

    /// <summary>The time since the start of the process.</summary>
    public TimeSpan Elapsed => _clock.Elapsed;

    /// <summary>The processor time so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            using var process = Process.GetProcessById(_worker.Id);
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Starts a Worker.</summary>
    public static WorkerRun Start(ProviderWorld world) => Start(world, new Dictionary<string, string?>());

    /// <summary>Starts a Worker as it is deployed, with the variables of the image and more in its environment, and more arguments.</summary>
    public static WorkerRun Start(ProviderWorld world, IReadOnlyDictionary<string, string?> environment, params string[] arguments) =>
        new(world, () => world.StartDetecting(
            new Dictionary<string, string?>(environment) { ["MALLOC_ARENA_MAX"] = "1" }, [$"--onboarding-kubeconfig={world.KubeconfigFile(world.Onboarding, world.User)}", .. arguments]));

    /// <summary>Starts another provider, or a Worker in another way.</summary>
    public static WorkerRun Start(ProviderWorld world, Func<WorkerProcess> start) => new(world, start);

    /// <summary>The requests since the start or the last call.</summary>
    public IReadOnlyList<AuditEntry> Requests()
    {
        var requests = Seen();
        _marks = Marks();
        return requests;
    }

    /// <summary>
    /// The requests since the start. The Events of the last tenants may be sent after they are Ready, and audit entries are written later.
    /// </summary>
    public async Task<IReadOnlyList<AuditEntry>> RequestsUntilLastEventAsync(int tenants)
    {
        await Fleet.WaitAsync(() => Task.FromResult(Seen().Count(entry => entry is { Resource: "events", Code: < 300 }) >= tenants));
        return Requests();
    }

    /// <summary>Whether the process has ended.</summary>
    public bool HasExited => _worker.HasExited;

    /// <summary>The most resident memory, in MiB, since the start or the last call of <see cref="ResetPeaks"/>.</summary>
    public double PeakResident => _memory.PeakResident / MiB;

    /// <summary>The anonymous memory now, in MiB.</summary>
    public double Anonymous => _memory.Anonymous / MiB;

    /// <summary>The most anonymous memory, in MiB.</summary>
    public double PeakAnonymous => _memory.PeakAnonymous / MiB;

    /// <summary>Forgets the peaks of memory so far.</summary>
    public void ResetPeaks() => _memory.Reset();

    /// <summary>Where the Worker answers probes.</summary>
    public Task<Uri> HealthUrlAsync() => _worker.UrlAsync("health probes");

    /// <summary>Where the Worker serves metrics.</summary>
    public Task<Uri> MetricsUrlAsync() => _worker.UrlAsync("metrics");

    /// <summary>Waits until <c>/readyz</c> succeeds; returns when it did.</summary>
    public async Task<TimeSpan> ReadyAsync()
    {
        using var http = new HttpClient { BaseAddress = await _worker.UrlAsync("health probes") };
        await Fleet.WaitAsync(async () => (await http.GetAsync("readyz")).IsSuccessStatusCode);
        return _clock.Elapsed;
    }

    /// <summary>Waits until so many writes of a resource were sent since the start or the last call of <see cref="Requests"/>.</summary>
    public Task WritesAsync(string resource, int count) => Fleet.WaitAsync(
        () => Task.FromResult(Seen().Count(entry => entry.Resource == resource && entry.IsProviderWrite()) >= count));

    /// <summary>Waits until the process is idle; returns since when it is.</summary>
    public async Task<TimeSpan> IdleAsync(CancellationToken cancellationToken)
    {
        var since = _clock.Elapsed;
        for (var idle = 0; idle < IdleSeconds;)
        {
            var before = Cpu;
            await Task.Delay(Second, TimeProvider.System, cancellationToken);
            if (Cpu - before < IdleCpu)
            {
                idle++;
            }
            else
            {
                idle = 0;
                since = _clock.Elapsed;
            }
        }

        return since;
    }

    /// <summary>The figures of memory.</summary>
    public IReadOnlyList<Measure> MemoryMeasures(int tenants) =>
    [
        new Measure(Measure.PeakAnonymous, _memory.PeakAnonymous / MiB, 1, MemoryBudget(tenants, 12, 24, 40, 210)),
        new Measure("peak resident memory, MiB", _memory.PeakResident / MiB, 1, MemoryBudget(tenants, 55, 70, 90, 250)),
        new Measure("peak file-backed memory, MiB", _memory.PeakFileBacked / MiB, 1, "40"),
    ];

    /// <summary>Stops the Worker as Kubernetes does.</summary>
    public Task StopAsync() => _worker.TerminateAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _memory.DisposeAsync();
        await _worker.DisposeAsync();
    }

    private static string MemoryBudget(int tenants, int none, int hundreds, int thousand, int tenThousand) => tenants switch
    {
        0 => $"{none}",
        <= 200 => $"{hundreds}",
        <= 1000 => $"{thousand}",
        <= 10000 => $"{tenThousand}",
        _ => "",
    };

    private (long Platform, long Onboarding, long ControlPlane) Marks() =>
        (_world.Platform.AuditLog.Mark(), _world.Onboarding.AuditLog.Mark(), _world.Mcp.AuditLog.Mark());

    private List<AuditEntry> Seen() =>
    [
        .. _world.Platform.AuditLog.Since(_marks.Platform)
            .Concat(_world.Onboarding.AuditLog.Since(_marks.Onboarding))
            .Concat(_world.Mcp.AuditLog.Since(_marks.ControlPlane))
            .Where(entry => entry.IsFromProvider()),
    ];
}
