using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Bench;

/// <summary>
/// A well-behaved tenant, which changes the version of its OCM while others do anything: about once a second, and then as often as its status,
/// which each change has written twice, may be written in the long run.
/// </summary>
internal sealed class Neighbour : IAsyncDisposable
{
    private const int ChangesInARow = 12;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LaterInterval = 2 * ReportPace.OcmInterval;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly ProviderWorld _world;
    private readonly PlainWatch _watch;
    private readonly ObjectKey _key;
    private readonly ObjectChanges _charts;
    private readonly ObjectChanges _releases;
    private readonly ObjectChanges _ocms;
    private int _version;

    private Neighbour(ProviderWorld world, PlainWatch watch, ObjectKey key)
    {
        _world = world;
        _watch = watch;
        _key = key;
        _charts = new ObjectChanges(world.Platform.Api, PlatformKinds.OciRepository, ProviderWorld.FluxKey(key));
        _releases = new ObjectChanges(world.Platform.Api, PlatformKinds.HelmRelease, ProviderWorld.FluxKey(key));
        _ocms = new ObjectChanges(world.Onboarding.Api, world.Api.Ocm, key);
    }

    /// <summary>Creates a tenant in a namespace of its own, and waits until it is Ready.</summary>
    public static async Task<Neighbour> CreateAsync(ProviderWorld world, PlainWatch watch, int number)
    {
        var key = new ObjectKey($"{world.Workspace}-neighbour-{number}", "mcp");
        await world.NamespaceAsync(world.Onboarding, key.Namespace);
        await world.ControlPlaneAsync(key);
        await world.ApplyOcmAsync(key);
        await world.ReadyAsync(key);
        return new Neighbour(world, watch, key);
    }

    /// <summary>Changes the version again and again until cancelled.</summary>
    public async Task RunAsync(NeighbourLatencies latencies, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var started = Stopwatch.GetTimestamp();
            await ChangeAsync(latencies);
            var rest = (_version < ChangesInARow ? Interval : LaterInterval) - Stopwatch.GetElapsedTime(started);
            if (rest > TimeSpan.Zero)
            {
                await Task.Delay(rest, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _charts.DisposeAsync();
        await _releases.DisposeAsync();
        await _ocms.DisposeAsync();
    }

    private async Task ChangeAsync(NeighbourLatencies latencies)
    {
        var version = string.Create(CultureInfo.InvariantCulture, $"1.0.{++_version}");
        var sent = Stopwatch.GetTimestamp();
        var changed = await _world.Onboarding.Api.MergePatchAsync(
            _world.Api.Ocm, _key, new JsonObject { ["spec"] = new JsonObject { ["version"] = version } });
        var accepted = Stopwatch.GetTimestamp();
        latencies.Server.Add(Stopwatch.GetElapsedTime(sent, accepted));
        var applied = await _charts.WhenAsync(chart => chart.Json.Text("spec", "ref", "tag") == version, Timeout);
        latencies.Applied.Add(Since(accepted, applied));
        latencies.Watch.Add(Since(accepted, await _watch.WhenAsync(changed.ResourceVersion, Timeout)));
        var installed = applied is null ? null : await _releases.WhenAsync(release => IsInstalled(release, version), Timeout);
        if (installed is { } fluxReady)
        {
            var ready = await _ocms.WhenAsync(ocm => IsReady(ocm, changed.Generation), Timeout);
            latencies.Ready.Add(Since(fluxReady, ready));
        }
    }

    private static TimeSpan Since(long start, long? end) => end is { } seen ? Stopwatch.GetElapsedTime(start, seen) : Timeout;

    private static bool IsInstalled(KubeObject release, string version) =>
        release.Json.Items("status", "history").FirstOrDefault().Text("chartVersion")?.Split('+')[0] == version
        && ReadyCondition.IsTrue(release);

    private static bool IsReady(KubeObject ocm, long generation) =>
        ocm.Json.Number("status", "observedGeneration") == generation && ocm.ReadyCondition.Text("status") == "True";
}
