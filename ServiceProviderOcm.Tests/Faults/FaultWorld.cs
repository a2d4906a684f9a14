using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Core.Setup;
using ServiceProviderOcm.Sandbox.Demo.Files;
using ServiceProviderOcm.Sandbox.Demo.Setup;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Certificates;

namespace ServiceProviderOcm.Tests.Faults;

/// <summary>
/// Three servers of the sandbox without a network, the stand-ins, and the controller, all with a clock that is advanced only when nothing
/// else happens. Objects of others are there that must not be touched.
/// </summary>
internal sealed class FaultWorld : IAsyncDisposable
{
    public const string PullSecret = "registry";

    private const string Foreign = "foreign";
    private const string CaBundle = "trust";
    private const int MostRounds = 2000;
    private const int MostPasses = 60;

    public static readonly ObjectKey Repository = new("default", "one");

    private static readonly string[] Names = ["platform", "onboarding", "mcp"];
    private static readonly string BundlePem = new TestPki("bundle").Pem;
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // Longer than any delay before a write, and than the grace period of orphans.
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan LongestStep = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(30);

    private readonly TestKubernetesApi _fluxApi;
    private readonly TestKubernetesApi _clusterProviderApi;
    private readonly Trace _trace;
    private readonly int _workers;
    private readonly bool _hasWatchList;
    private ControllerProcess? _process;

    private FaultWorld(Snapshot? snapshot, Trace trace, int workers, int history, bool hasWatchList)
    {
        _hasWatchList = hasWatchList;
        _trace = trace;
        _workers = workers;
        Time = new VirtualTime(snapshot?.Now ?? Start);
        Clusters =
        [
            .. Names.Select(
                (name, index) => new FaultCluster(name, snapshot?.States[index], history, hasWatchList, Time, Activity)),
        ];
        Rules = new Rules(this);
        _fluxApi = Platform.CreateApi(FluxStandIn.Name);
        _clusterProviderApi = Platform.CreateApi(ClusterProviderStandIn.Name);
        var pace = new Pace(Time, _ => TimeSpan.Zero);
        Flux = new FluxStandIn(_fluxApi, pace);
        ClusterProvider = new ClusterProviderStandIn(_clusterProviderApi, pace, _ => Task.FromResult(ControlPlane.Kubeconfig));
    }

    public Identity Identity { get; } = new(new ProviderApi(ProviderApi.DefaultGroup), PlatformSetup.ProviderName, PlatformSetup.ProviderNamespace);

    public VirtualTime Time { get; }

    public Activity Activity { get; } = new();

    public IReadOnlyList<FaultCluster> Clusters { get; }

    public FaultCluster Platform => Clusters[0];

    public FaultCluster Onboarding => Clusters[1];

    public FaultCluster ControlPlane => Clusters[2];

    public Rules Rules { get; }

    public ControllerProcess Process => _process ?? throw new InvalidOperationException("the controller does not run");

    public ObjectKey Ocm { get; } = new("project-world--ws-1", "mcp-01");

    public string TenantNamespace => PlatformNames.TenantNamespace(Ocm.Namespace, Ocm.Name);

    public bool HasUserObjects => ControlPlane.Find(PlatformKinds.Repository, Repository) is not null;

    public bool HasClusterRequest => Platform.Find(PlatformKinds.ClusterRequest, new ObjectKey(TenantNamespace, Ocm.Name)) is not null;

    private static ObjectKey Other => new("project-world--ws-1", "mcp-02");

    private static string ForeignNamespace => PlatformNames.TenantNamespace(Other.Namespace, Other.Name);

    public FluxStandIn Flux { get; }

    private ClusterProviderStandIn ClusterProvider { get; }

    /// <summary>A platform with configuration, the tenant's namespace and the request for its control plane, and objects of others.</summary>
    public static async Task<FaultWorld> CreateAsync(Trace trace, int workers = 1, int history = 5000, bool hasWatchList = true)
    {
        var world = new FaultWorld(null, trace, workers, history, hasWatchList);
        await world.InstallAsync();
        return world;
    }

    /// <summary>The same from a snapshot.</summary>
    public static FaultWorld From(Snapshot snapshot, Trace trace) =>
        new(snapshot, trace, workers: 1, history: 5000, snapshot.HasWatchList);

    /// <summary>Starts stand-ins and controller.</summary>
    public Task StartAsync()
    {
        ClusterProvider.Start();
        Flux.Start();
        _process = new ControllerProcess(this, _trace, _workers);
        return SettleAsync();
    }

    /// <summary>A step, until all is idle.</summary>
    public async Task StepAsync(Func<FaultWorld, Task> step)
    {
        await step(this);
        await SettleAsync();
    }

    /// <summary>Waits until all is idle: nothing moves, and no timer leads to a write. Restarts the controller if it has ended.</summary>
    public async Task SettleAsync()
    {
        var (writes, calmSince, heldSince) = (Activity.Writes, Time.Now, (TimeSpan?)null);
        for (var round = 0; round < MostRounds; round++)
        {
            await Activity.WaitUntilIdleAsync(IsBusy);
            if (Process.Dead.IsCancellationRequested)
            {
                await Process.DisposeAsync();
                _trace.Note("restarted");
                _process = new ControllerProcess(this, _trace, _workers, Process);
                continue;
            }

            if (Activity.Writes != writes)
            {
                (writes, calmSince) = (Activity.Writes, Time.Now);
            }

            heldSince = _trace.IsHolding ? heldSince ?? Time.Now : null;
            var until = heldSince + LongestHold ?? calmSince + Calm;
            if (Time.NextDue is { } due && due <= until)
            {
                Time.AdvanceTo(due);
            }
            else if (heldSince is not null)
            {
                _trace.Release();
                calmSince = Time.Now;
            }
            else
            {
                return;
            }
        }

        throw new InvalidOperationException($"no rest after {Time.Now.TotalSeconds} s and {Activity.Writes} writes");
    }

    /// <summary>The same, until a state is reached: on a busy machine, what has yet to go on may seem idle.</summary>
    public async Task SettleAsync(Func<bool> isReached, [CallerArgumentExpression(nameof(isReached))] string condition = "")
    {
        for (var passes = 0; passes < MostPasses && !isReached(); passes++)
        {
            await SettleAsync();
            await AdvanceAsync(TimeSpan.FromMinutes(1));
        }

        Assert.That(isReached(), condition);
        await SettleAsync();
    }

    /// <summary>Lets time pass, with all that happens in it; what is due later does not.</summary>
    public async Task AdvanceAsync(TimeSpan duration)
    {
        var end = Time.Now + duration;
        await Activity.WaitUntilIdleAsync(IsBusy);
        while (Time.NextDue is { } due && due <= end)
        {
            Time.AdvanceTo(due);
            await Activity.WaitUntilIdleAsync(IsBusy);
        }

        Time.AdvanceTo(end);
    }

    /// <summary>
    /// Advances the clock until a task has ended that runs beside the controller. If that is busy and it does not show, it misses a step at most.
    /// </summary>
    public async Task AdvanceUntilAsync(Task ended)
    {
        while (!ended.IsCompleted)
        {
            await Activity.WaitUntilIdleAsync(IsBusy);
            if (!ended.IsCompleted && Time.NextDue is { } due)
            {
                var next = Time.Now + LongestStep;
                Time.AdvanceTo(due < next ? due : next);
            }
        }

        await ended;
    }

    /// <summary>The objects of others that are not as they were.</summary>
    public IEnumerable<string> TouchedForeignObjects(Snapshot start)
    {
        foreach (var (cluster, before) in Clusters.Zip(start.States))
        {
            foreach (var (resource, objects) in before.Objects)
            {
                foreach (var (key, stored) in objects.Where(each => each.Key.Name == Foreign || each.Key.Namespace == ForeignNamespace))
                {
                    if (cluster.Server.State.Find(resource, key) is not { } now || !JsonElement.DeepEquals(now, stored))
                    {
                        yield return $"{cluster.Name} {resource} {key} is not managed and was changed";
                    }
                }
            }
        }
    }

    /// <summary>The clusters as they are now; the controller must have been stopped.</summary>
    public Snapshot ToSnapshot() => new([.. Clusters.Select(cluster => cluster.Server.State)], Time.GetUtcNow(), _hasWatchList);

    public Task<KubeObject> ConfigureAsync(JsonObject spec) => Platform.Api.ApplyAsync(Identity.Api.ProviderConfig, new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = Identity.ProviderName },
        ["spec"] = spec,
    });

    public Task<KubeObject> PullSecretAsync(string password)
    {
        var auths = new JsonObject { ["auths"] = new JsonObject { ["r"] = new JsonObject { ["auth"] = password } } };
        return Platform.Api.ApplyAsync(Kinds.Secret, new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = Identity.PodNamespace, ["name"] = PullSecret },
            ["type"] = Manifests.PullSecretType,
            ["data"] = new JsonObject { [".dockerconfigjson"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(auths.ToJsonString())) },
        });
    }

    /// <summary>The tenant's namespace, and the request for its cluster.</summary>
    public async Task TenantAsync(ObjectKey ocm)
    {
        var ns = PlatformNames.TenantNamespace(ocm.Namespace, ocm.Name);
        await NamespaceAsync(Platform, ns);
        await Platform.Api.ApplyAsync(PlatformKinds.ClusterRequest, new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = ns, ["name"] = ocm.Name },
            ["spec"] = new JsonObject { ["purpose"] = "mcp" },
        });
    }

    public Task<KubeObject> ApplyOcmAsync(string version, ObjectKey? key = null) => Onboarding.Api.ApplyAsync(Identity.Api.Ocm, new JsonObject
    {
        ["metadata"] = new JsonObject { ["namespace"] = (key ?? Ocm).Namespace, ["name"] = (key ?? Ocm).Name },
        ["spec"] = new JsonObject { ["version"] = version },
    });

    public Task DeleteOcmAsync(ObjectKey? key = null) => Onboarding.Api.DeleteAsync(Identity.Api.Ocm, key ?? Ocm);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _fluxApi.Dispose();
        _clusterProviderApi.Dispose();
        foreach (var cluster in Clusters)
        {
            await cluster.DisposeAsync();
        }
    }

    /// <summary>Stops stand-ins and controller for good.</summary>
    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            await process.DisposeAsync();
            _process = null;
            await Flux.DisposeAsync();
            await ClusterProvider.DisposeAsync();
        }
    }

    private bool IsBusy() =>
        Process.IsBusy || Flux.IsBusy || ClusterProvider.IsBusy || Clusters.Any(cluster => cluster.Server.IsSending);

    private static Task<KubeObject> NamespaceAsync(FaultCluster cluster, string name) =>
        cluster.Api.ApplyAsync(Kinds.Namespace, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } });

    private async Task InstallAsync()
    {
        foreach (var (cluster, definitions) in new (FaultCluster, IEnumerable<JsonObject>)[]
            {
                (Platform, [.. PlatformCrds.OfPlatform.Select(PlatformCrds.Of), .. Definitions("platform")]),
                (Onboarding, Definitions("onboarding")),
                (ControlPlane, PlatformCrds.OfControlPlane.Select(PlatformCrds.Of)),
            })
        {
            await cluster.Api.DefineAsync(definitions);
        }

        await NamespaceAsync(Platform, Identity.PodNamespace);
        await NamespaceAsync(Onboarding, Ocm.Namespace);
        await NamespaceAsync(ControlPlane, ObjectNames.ToolkitNamespace);
        await PullSecretAsync("first");
        await Platform.Api.ApplyAsync(Kinds.ConfigMap, new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = Identity.PodNamespace, ["name"] = CaBundle },
            ["data"] = new JsonObject { ["ca.crt"] = BundlePem },
        });
        await ConfigureAsync(new JsonObject
        {
            ["chartURL"] = "registry.example.com/charts/toolkit",
            ["pollInterval"] = "1h",
            ["imagePullSecret"] = new JsonObject { ["name"] = PullSecret },
            ["caBundleRef"] = new JsonObject { ["name"] = CaBundle, ["key"] = "ca.crt" },
            ["values"] = new JsonObject
            {
                ["manager"] = new JsonObject { ["imagePullSecrets"] = new JsonArray(new JsonObject { ["name"] = PullSecret }) },
            },
        });
        await TenantAsync(Ocm);
        await ForeignObjectsAsync();
    }

    private IEnumerable<JsonObject> Definitions(string cluster) => ProviderCrds.Of(Identity.Api)
        .Where(definition => definition.Labels[ProviderCrds.ClusterLabel] == cluster)
        .Select(definition => JsonObject.Create(definition.Json)!);

    // Beside the managed objects, and where an OCM of another name would have its own.
    private async Task ForeignObjectsAsync()
    {
        await TenantAsync(Other);
        foreach (var (cluster, ns) in new[] { (Platform, TenantNamespace), (ControlPlane, ObjectNames.ToolkitNamespace) })
        {
            foreach (var kind in new[] { Kinds.Secret, Kinds.ConfigMap })
            {
                await cluster.Api.ApplyAsync(kind, new JsonObject
                {
                    ["metadata"] = new JsonObject { ["namespace"] = ns, ["name"] = Foreign },
                    ["data"] = new JsonObject { ["key"] = "AAAA" },
                });
            }
        }

        await Platform.Api.ApplyAsync(PlatformKinds.HelmRelease, new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["namespace"] = ForeignNamespace,
                ["name"] = ObjectNames.Flux,
            },
            ["spec"] = new JsonObject
            {
                ["interval"] = "1h",
                ["suspend"] = true,
                ["chartRef"] = new JsonObject { ["kind"] = "OCIRepository", ["name"] = "other" },
            },
        });
    }
}
