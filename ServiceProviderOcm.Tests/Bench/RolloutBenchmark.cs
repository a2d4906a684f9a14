using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Tests.Bench;

/// <summary>
/// <c>rollout</c>: a changed ProviderConfig of which 3 % of the tenants fail, where 2 % may: the rollout stalls, and all others stay as they
/// are.
/// </summary>
internal static class RolloutBenchmark
{
    private const int MaxUnavailablePercent = 5;
    private const int MaxFailuresPercent = 2;
    private const string Bad = "bad";

    public static async Task<BenchmarkResult> RunAsync(int tenants)
    {
        await using var fleet = await Fleet.CreateAsync(pollInterval: "1h");
        var world = fleet.World;
        world.Flux.StallsOn = release => release.Text("spec", "values", "level") == Bad && Fails(release.Namespace, tenants);
        await fleet.AddAsync("bench", tenants);
        await using var run = WorkerRun.Start(world);
        await fleet.ReadyAsync(tenants);
        await run.IdleAsync(CancellationToken.None);
        run.Requests();
        var clock = Stopwatch.StartNew();
        await world.Platform.Api.MergePatchAsync(world.Api.ProviderConfig, ObjectKey.ClusterScoped(world.ProviderName), new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["values"] = new JsonObject { ["level"] = Bad },
                ["rollout"] = new JsonObject { ["maxUnavailable"] = $"{MaxUnavailablePercent}%", ["maxFailures"] = $"{MaxFailuresPercent}%" },
            },
        });
        KubeObject config = null!;
        await Fleet.WaitAsync(async () =>
        {
            config = await world.Platform.Api.GetAsync(world.Api.ProviderConfig, ObjectKey.ClusterScoped(world.ProviderName), default);
            return config.Condition("Progressing").Text("reason") is "ProgressDeadlineExceeded"
                || (config.Condition("Progressing").Text("reason") == "NewRevisionAvailable"
                    && config.Text("status", "updateRevision") == config.Text("status", "currentRevision")
                    && config.Json.Number("status", "observedGeneration") == config.Generation);
        });
        var elapsed = clock.Elapsed;
        await run.IdleAsync(CancellationToken.None);
        var requests = run.Requests();
        var releases = await world.Platform.Api.ListAllAsync(PlatformKinds.HelmRelease);
        var updated = releases.Count(release => release.Text("spec", "values", "level") == Bad);
        var failed = releases.Count(release => release.ReadyCondition.Text("status") == "False");
        var isStalled = config.Condition("Progressing").Text("reason") == "ProgressDeadlineExceeded";
        return new BenchmarkResult(
            "rollout",
            tenants,
            [
                new Measure("1 if the rollout has not stalled", isStalled ? 0 : 1, 0, "0"),
                new Measure("seconds until it has stalled", elapsed.TotalSeconds, 1),
                new Measure("OCMs that are updated", updated),
                new Measure("of these, OCMs that failed", failed),
                new Measure("OCMs that may fail", Share(MaxFailuresPercent, tenants)),
                new Measure("failures beyond these and those that may be unavailable", Excess(failed, tenants), 0, "0"),
                .. DecisionBenchmark.Run(tenants),
            ],
            [("until the rollout has stalled", requests)]);
    }

    private static bool Fails(string tenantNamespace, int tenants) =>
        int.Parse(tenantNamespace.AsSpan(tenantNamespace.Length - 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
        % 100 < (tenants < 100 ? 20 : 3);

    private static int Share(int percent, int tenants) => Math.Max(1, tenants * percent / 100);

    private static int Excess(int failed, int tenants) =>
        Math.Max(0, failed - Share(MaxFailuresPercent, tenants) - Share(MaxUnavailablePercent, tenants));
}
