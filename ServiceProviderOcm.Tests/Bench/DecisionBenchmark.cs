using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Core.Rollout;

namespace ServiceProviderOcm.Tests.Bench;

/// <summary>
/// Decisions of the controller's rollout about a fleet of which 3 % fail. It has no client: what it enqueues is reconciled, and when its
/// status changes, that of the ProviderConfig is written.
/// </summary>
internal sealed class DecisionBenchmark : IDisposable
{
    private const int Rounds = 100;

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddDays(1));
    private readonly List<ObjectKey> _ocms;
    private readonly InstallConfig _config;
    private readonly FleetRollout _rollout;
    private readonly Queue<ObjectKey> _enqueued = [];
    private int _changes;

    private DecisionBenchmark(int tenants, string maxFailures)
    {
        _ocms = [.. Enumerable.Range(0, tenants).Select(number => new ObjectKey("team", $"bench-{number:00000}"))];
        _config = Config(maxFailures);
        _rollout = new FleetRollout(() => _config, () => _ocms, _ => true, _ => new RolloutRecord(), (_, _) => true, (_, _, _) => false, _ => null, _enqueued.Enqueue, () => _changes++, _time);
        foreach (var (number, ocm) in _ocms.Index())
        {
            var isUpdated = number % 3 == 0;
            Report(ocm, isUpdated, isReady: number % 33 != 0, isUpdated ? DateTimeOffset.UnixEpoch : null);
        }
    }

    /// <summary>Measures.</summary>
    public static IReadOnlyList<Measure> Run(int tenants)
    {
        using var progressing = new DecisionBenchmark(tenants, maxFailures: "100%");
        using var stalled = new DecisionBenchmark(tenants, maxFailures: "2%");
        var (perUpdate, bytes) = progressing.Time(progressing.FinishNext);
        stalled._enqueued.Clear();
        stalled._changes = 0;
        var (perCheck, _) = stalled.Time(stalled._rollout.Decide);
        return
        [
            new Measure("ms of a report and the decision, which updates the next OCM: median", perUpdate, 3, "5"),
            new Measure("KiB allocated by it", bytes / 1024.0),
            new Measure("ms of a decision while stalled: median", perCheck, 3, "5"),
            new Measure($"OCMs enqueued and statuses changed by {Rounds} of these", stalled._enqueued.Count + stalled._changes, 0, "0"),
        ];
    }

    /// <inheritdoc/>
    public void Dispose() => _rollout.Dispose();

    private static InstallConfig Config(string maxFailures) => InstallConfigReader.Read(
        new Identity(new ProviderApi(ProviderApi.DefaultGroup), "ocm", "openmcp-system"),
        KubeObject.From(new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "ocm", ["uid"] = "bench", ["resourceVersion"] = "1" },
            ["spec"] = new JsonObject
            {
                ["chartURL"] = "registry.example.com/charts/toolkit",
                ["rollout"] = new JsonObject { ["maxFailures"] = maxFailures },
            },
        }));

    // An OCM that is being updated becomes Ready.
    private void FinishNext() => Report(_enqueued.Dequeue(), isUpdated: true, isReady: true, _time.GetUtcNow());

    private void Report(ObjectKey ocm, bool isUpdated, bool isReady, DateTimeOffset? updatedAt) => _rollout.Report(
        ocm,
        new RolloutPosition(_config, _config.Revision, new RolloutMember(ocm, isUpdated, isReady, DateTimeOffset.UnixEpoch)
        {
            UpdatedAt = updatedAt,
            WasReady = true,
        }));

    private (double Median, long Bytes) Time(Action decide)
    {
        var latencies = new Latencies();
        var bytes = 0L;
        for (var round = 0; round < Rounds; round++)
        {
            var (started, before) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
            decide();
            latencies.Add(Stopwatch.GetElapsedTime(started));
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        return (latencies.Quantile(0.5), bytes);
    }
}
