using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Bench;

/// <summary>A well-behaved tenant, which changes the version of its OCM about once a second while others do anything.</summary>
internal sealed class Neighbour : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly ProviderWorld _world;
    private readonly ObjectKey _key;
    private readonly ObjectChanges _charts;
    private readonly ObjectChanges _ocms;
    private int _version;

    private Neighbour(ProviderWorld world, ObjectKey key)
    {
        _world = world;
        _key = key;
        _charts = new ObjectChanges(world.Platform.Api, PlatformKinds.OciRepository, ProviderWorld.FluxKey(key));
        _ocms = new ObjectChanges(world.Onboarding.Api, world.Api.Ocm, key);
    }

    /// <summary>Creates a tenant in a namespace of its own, and waits until it is Ready.</summary>
    public static async Task<Neighbour> CreateAsync(ProviderWorld world, int number)
    {
        var key = new ObjectKey($"{world.Workspace}-neighbour-{number}", "mcp");
        await world.NamespaceAsync(world.Onboarding, key.Namespace);
        await world.ControlPlaneAsync(key);
        await world.ApplyOcmAsync(key);
        await world.ReadyAsync(key);
        return new Neighbour(world, key);
    }

    /// <summary>Changes the version again and again until cancelled.</summary>
    public async Task RunAsync(NeighbourLatencies latencies, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var started = Stopwatch.GetTimestamp();
            await ChangeAsync(latencies);
            var rest = Interval - Stopwatch.GetElapsedTime(started);
            if (rest > TimeSpan.Zero)
            {
                await Task.Delay(rest, TimeProvider.System, CancellationToken.None);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _charts.DisposeAsync();
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
        var pulled = applied is null ? null : await _charts.WhenAsync(chart => IsPulled(chart, version), Timeout);
        if (pulled is { } fluxReady)
        {
            var ready = await _ocms.WhenAsync(ocm => IsReady(ocm, changed.Generation), Timeout);
            latencies.Ready.Add(Since(fluxReady, ready));
        }
    }

    private static TimeSpan Since(long start, long? end) => end is { } seen ? Stopwatch.GetElapsedTime(start, seen) : Timeout;

    private static bool IsPulled(KubeObject chart, string version) =>
        chart.Json.Text("spec", "ref", "tag") == version
        && chart.Json.Text("status", "artifact", "revision")?.StartsWith($"{version}@", StringComparison.Ordinal) is true
        && ReadyCondition.IsTrue(chart);

    private static bool IsReady(KubeObject ocm, long generation) =>
        ocm.Json.Number("status", "observedGeneration") == generation && ocm.ReadyCondition.Text("status") == "True";
}
