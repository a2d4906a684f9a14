using System.Diagnostics;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Bench.Attacks;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Bench.Compare;

/// <summary>Measures one provider on clusters that have no objects of another: the same steps for each provider.</summary>
internal sealed class ComparisonRun
{
    private const string Version = "0.3.0";
    private const string Upgrade = "0.4.0";
    private const string Edited = "2h0m0s";

    // The Go provider needs up to two minutes for what a minute's poll finds.
    private static readonly TimeSpan LongTimeout = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);
    private static readonly string[] Reads = ["get", "list", "watch"];

    private readonly Fleet _fleet;
    private readonly IReadOnlyList<ObjectKey> _keys;

    private ComparisonRun(Fleet fleet, IReadOnlyList<ObjectKey> keys) => (_fleet, _keys) = (fleet, keys);

    private ProviderWorld World => _fleet.World;

    /// <summary>Measures a provider.</summary>
    /// <param name="tenants">The number of tenants.</param>
    /// <param name="idle">How long to count requests of the idle provider.</param>
    /// <param name="start">Starts the provider on a world of the API group that both serve.</param>
    /// <param name="cancellationToken">Cancels the measurement.</param>
    public static async Task<ProviderFigures> MeasureAsync(
        int tenants, TimeSpan idle, Func<ProviderWorld, WorkerProcess> start, CancellationToken cancellationToken)
    {
        var clusters = await TestClusters.StartRealAsync();
        await using var servers = clusters.Servers;
        var world = await ProviderWorld.OnAsync(clusters, new ProviderApi(ProviderApi.RenamedGroup));
        await using var fleet = Fleet.Of(world);
        await world.PullSecretAsync();
        await world.ConfigureAsync(Config());

        // Ready and idle before the first tenant.
        await using var run = WorkerRun.Start(world, () => start(world));
        await Fleet.WaitAsync(async () =>
            (await world.Platform.Api.ListAllAsync(PlatformKinds.AccessRequest)).Any(request => request.Text("status", "phase") == "Granted"));
        await Task.Delay(Settling, TimeProvider.System, cancellationToken);
        run.Requests();

        var clock = Stopwatch.StartNew();
        var keys = await fleet.AddAsync("bench", tenants);
        await fleet.ReadyAsync(tenants);
        var allReady = clock.Elapsed;
        await Task.Delay(Settling, TimeProvider.System, cancellationToken);
        var requests = run.Requests();
        await Task.Delay(idle, TimeProvider.System, cancellationToken);
        var idleRequests = run.Requests().Count;
        var figures = await new ComparisonRun(fleet, keys).ReactionsAsync(new ProviderFigures
        {
            AllReady = allReady,
            PerTenant = (
                (double)requests.Count(entry => Reads.Contains(entry.Verb)) / tenants,
                (double)requests.Count(entry => !Reads.Contains(entry.Verb)) / tenants),
            IdlePerTenantHour = idleRequests / idle.TotalHours / tenants,
        });
        return figures with { PeakMemory = (run.PeakResident, run.PeakAnonymous), Cpu = run.Cpu };
    }

    // The Go provider needs a catalogue; this one reads it as well.
    private static JsonObject Config() => new()
    {
        ["pollInterval"] = "1m",
        ["versions"] = new JsonArray(new[] { Version, Upgrade }.Select(version => (JsonNode)new JsonObject
        {
            ["version"] = version,
            ["chartVersion"] = version,
            ["chartURL"] = "oci://registry.example.com/charts/toolkit",
            ["chartPullSecret"] = ProviderWorld.PullSecretName,
            ["helmValues"] = new JsonObject { ["manager"] = new JsonObject { ["replicas"] = 1 } },
        }).ToArray()),
    };

    private async Task<ProviderFigures> ReactionsAsync(ProviderFigures figures)
    {
        figures = figures with
        {
            DriftReverted = await DriftAsync(),
            DeletionReverted = await DeletedSourceAsync(),
            Recovered = await RecoveryAsync(),
        };
        var (rotated, upgraded) = await RotationAsync();
        figures = figures with { Rotated = rotated, UpgradedMeanwhile = upgraded };
        var (deleted, left) = await DeletionAsync();
        return figures with { AllDeleted = deleted, CopiesLeft = left };
    }

    private async Task<TimeSpan> DriftAsync()
    {
        var key = ProviderWorld.FluxKey(_keys[0]);
        await World.Platform.Api.MergePatchAsync(
            PlatformKinds.HelmRelease, key, new JsonObject { ["spec"] = new JsonObject { ["interval"] = Edited } });
        return await TimeAsync(async () =>
            (await World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, key, default)).Text("spec", "interval") != Edited);
    }

    private async Task<TimeSpan> DeletedSourceAsync()
    {
        var key = ProviderWorld.FluxKey(_keys[0]);
        var uid = (await World.Platform.Api.GetAsync(PlatformKinds.OciRepository, key, default)).Uid;
        await World.Platform.Api.DeleteAsync(PlatformKinds.OciRepository, key);
        return await TimeAsync(async () => await World.Platform.Api.FindAsync(PlatformKinds.OciRepository, key) is { } found && found.Uid != uid);
    }

    // From the time at which Flux reports success, not from that at which it could.
    private async Task<TimeSpan> RecoveryAsync()
    {
        var ocm = _keys[^1];
        World.Flux.Behaviour = FluxBehaviour.FailHelm;
        await World.ApplyOcmAsync(ocm, Upgrade);
        await TimeAsync(async () => (await OcmAsync(ocm)).ReadyCondition.Text("status") != "True");
        await TimeAsync(async () => await ReleaseStatusAsync(ocm) == "False");
        World.Flux.Behaviour = FluxBehaviour.Normal;
        await TimeAsync(async () => await ReleaseStatusAsync(ocm) == "True");
        return await TimeAsync(async () => IsReady(await OcmAsync(ocm)));
    }

    private async Task<(TimeSpan Rotated, TimeSpan Upgraded)> RotationAsync()
    {
        var ocm = _keys[_keys.Count / 2];
        var content = (await World.PullSecretAsync("rotated")).Json.Text("data", ".dockerconfigjson");
        var copy = ProviderWorld.SecretCopy(_keys[^1]);
        var rotated = TimeAsync(async () =>
            (await World.Platform.Api.GetAsync(Kinds.Secret, copy, default)).Json.Text("data", ".dockerconfigjson") == content);
        await World.ApplyOcmAsync(ocm, Upgrade);
        var upgraded = await TimeAsync(async () => IsReady(await OcmAsync(ocm)));
        return (await rotated, upgraded);
    }

    private async Task<(TimeSpan Deleted, int CopiesLeft)> DeletionAsync()
    {
        var clock = Stopwatch.StartNew();
        await Arena.ForEachAsync(_keys, World.DeleteOcmAsync);
        await Fleet.WaitAsync(
            async () => (await World.Onboarding.Api.ListAsync(World.Api.Ocm, new(Limit: 1), default)).Items.Count == 0);
        var deleted = clock.Elapsed;
        var name = ObjectNames.SecretCopy(ProviderWorld.PullSecretName);
        return (deleted, (await World.Platform.Api.ListAllAsync(Kinds.Secret)).Count(secret => secret.Name == name));
    }

    private Task<KubeObject> OcmAsync(ObjectKey ocm) => World.Onboarding.Api.GetAsync(World.Api.Ocm, ocm, default);

    private async Task<string?> ReleaseStatusAsync(ObjectKey ocm) =>
        (await World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(ocm), default)).ReadyCondition.Text("status");

    private static bool IsReady(KubeObject ocm) =>
        ocm.ReadyCondition.Text("status") == "True" && ocm.Json.Number("status", "observedGeneration") == ocm.Generation;

    private static async Task<TimeSpan> TimeAsync(Func<Task<bool>> isDone)
    {
        var clock = Stopwatch.StartNew();
        await Eventually.Async(isDone, "the change has had its effect", LongTimeout);
        return clock.Elapsed;
    }
}
