using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Core.Setup;
using ServiceProviderOcm.Core.Setup.Onboarding;
using ServiceProviderOcm.Tests.Deploy;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Telemetry;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>A platform as the controller finds it: three real clusters, stand-ins for those it works with, and the controller.</summary>
public sealed class ProviderWorld : IAsyncDisposable
{
    public const string ProviderName = "ocm";
    public const string PodNamespace = "provider-system";
    public const string PullSecretName = "registry";
    public const string CaBundleName = "trust";

    private static readonly ResourceKind[] PlatformKinds =
        [Kinds.HelmRelease, Kinds.OciRepository, Kinds.AccessRequest, Kinds.ClusterRequest, Kinds.Secret];

    private static readonly ResourceKind[] ControlPlaneKinds = [Kinds.Secret, Kinds.ConfigMap];

    private static int _worlds;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("provider-world-");
    private readonly int _number = Interlocked.Increment(ref _worlds);
    private readonly Identity _identity;
    private readonly TestKubernetesApi _clusterProvidersApi;
    private readonly TestKubernetesApi _fluxApi;
    private CancellationTokenSource? _running;
    private Task _controller = Task.CompletedTask;

    private ProviderWorld(TestClusterSet clusters, ProviderApi api)
    {
        Clusters = clusters;
        Api = api;
        _identity = new Identity(api, ProviderName, PodNamespace);
        _clusterProvidersApi = new TestKubernetesApi(clusters.Platform, ClusterProviderStandIn.Name);
        _fluxApi = new TestKubernetesApi(clusters.Platform, FluxStandIn.Name);
        ClusterProvider = new ClusterProviderStandIn(
            _clusterProvidersApi,
            Pace.AtOnce,
            async request => request.Namespace == PodNamespace ? await GrantOnboardingAsync(request) : McpKubeconfig);
        Flux = new FluxStandIn(_fluxApi, Pace.AtOnce);
        McpKubeconfig = clusters.Mcp.Kubeconfig();
    }

    public TestClusterSet Clusters { get; }

    public ProviderApi Api { get; }

    public TestCluster Platform => Clusters.Platform;

    public TestCluster Onboarding => Clusters.Onboarding;

    public TestCluster Mcp => Clusters.Mcp;

    public ClusterProviderStandIn ClusterProvider { get; }

    public FluxStandIn Flux { get; }

    public string McpKubeconfig { get; set; } = "";

    public Faults PlatformFaults { get; } = new();

    public Faults OnboardingFaults { get; } = new();

    public Faults McpFaults { get; } = new();

    public string Workspace => string.Create(CultureInfo.InvariantCulture, $"project-world--ws-{_number}");

    /// <summary>Makes a world on the clusters of the test run, or on others.</summary>
    public static async Task<ProviderWorld> CreateAsync(ProviderApi? served = null, bool withFlux = true, TestClusterSet? others = null)
    {
        var clusters = others ?? await TestClusters.GetAsync();
        var api = served ?? new ProviderApi(ProviderApi.DefaultGroup);
        await clusters.Platform.InstallCrdsAsync("clusterrequests", "accessrequests");
        if (withFlux)
        {
            await clusters.Platform.InstallCrdsAsync("ocirepositories", "helmreleases");
        }

        await clusters.Mcp.InstallCrdsAsync("repositories");
        await clusters.Platform.InstallCrdsAsync(Definitions(api, "platform"));
        await clusters.Onboarding.InstallCrdsAsync(Definitions(api, "onboarding"));
        await clusters.Onboarding.CleanAsync(api.Ocm, Kinds.Event);
        await clusters.Platform.CleanAsync([api.ProviderConfig, .. PlatformKinds]);
        await clusters.Mcp.CleanAsync(Kinds.Repository);
        await clusters.Mcp.RemoveNamespaceAsync(Manifests.ToolkitNamespace, ControlPlaneKinds);

        var world = new ProviderWorld(clusters, api);
        await world.NamespaceAsync(world.Platform, PodNamespace);
        await world.Platform.Api.DeleteAsync(Kinds.ConfigMap, new ObjectKey(PodNamespace, CaBundleName));
        await world.NamespaceAsync(world.Onboarding, world.Workspace);
        await world.GrantDeployedRolesAsync();
        world.ClusterProvider.Start();
        if (withFlux)
        {
            world.Flux.Start();
        }

        return world;
    }

    /// <summary>A world with a ProviderConfig and a running controller.</summary>
    public static async Task<ProviderWorld> RunningAsync()
    {
        var world = await CreateAsync();
        await world.ConfigureAsync();
        world.StartController();
        return world;
    }

    public ObjectKey Ocm(string name = "mcp-01") => new(Workspace, name);

    public static string TenantNamespace(ObjectKey ocm) => PlatformNames.TenantNamespace(ocm.Namespace, ocm.Name);

    public static ObjectKey FluxKey(ObjectKey ocm) => new(TenantNamespace(ocm), Manifests.FluxName);

    public ObjectKey AccessRequest(ObjectKey ocm) => new(TenantNamespace(ocm), Manifests.AccessRequestName(Api, ocm.Name));

    public static ObjectKey SecretCopy(ObjectKey ocm, string source = PullSecretName) =>
        new(TenantNamespace(ocm), Manifests.SecretCopyName(source));

    public Task<KubeObject> ConfigureAsync(JsonObject? spec = null) => Platform.Api.ApplyAsync(Api.ProviderConfig, new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = ProviderName },
        ["spec"] = spec ?? new JsonObject { ["chartURL"] = "registry.example.com/charts/toolkit", ["pollInterval"] = "1h" },
    });

    public Task<KubeObject> PullSecretAsync(string password = "first", string type = Manifests.PullSecretType, string name = PullSecretName)
    {
        var key = type == Manifests.PullSecretType ? ".dockerconfigjson" : "password";
        var auths = new JsonObject { ["auths"] = new JsonObject { ["r"] = new JsonObject { ["auth"] = password } } };
        var content = type == Manifests.PullSecretType ? auths.ToJsonString() : password;
        return Platform.Api.ApplyAsync(Kinds.Secret, new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = PodNamespace, ["name"] = name },
            ["type"] = type,
            ["data"] = new JsonObject { [key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(content)) },
        });
    }

    public Task<KubeObject> CaBundleAsync(string pem, string key = "ca.crt") => Platform.Api.ApplyAsync(Kinds.ConfigMap, new JsonObject
    {
        ["metadata"] = new JsonObject { ["namespace"] = PodNamespace, ["name"] = CaBundleName },
        ["data"] = new JsonObject { [key] = pem },
    });

    /// <summary>What the control plane's own controller makes: the tenant's namespace and the request for its cluster.</summary>
    public async Task ControlPlaneAsync(ObjectKey ocm)
    {
        await NamespaceAsync(Platform, TenantNamespace(ocm));
        await ClusterRequestAsync(ocm);
    }

    public Task<KubeObject> ClusterRequestAsync(ObjectKey ocm) => Platform.Api.ApplyAsync(Kinds.ClusterRequest, new JsonObject
    {
        ["metadata"] = new JsonObject { ["namespace"] = TenantNamespace(ocm), ["name"] = ocm.Name },
        ["spec"] = new JsonObject { ["purpose"] = "mcp" },
    });

    public Task<KubeObject> NamespaceAsync(TestCluster cluster, string name) => cluster.Api.ApplyAsync(
        Kinds.Namespace, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } });

    public Task<KubeObject> ApplyOcmAsync(ObjectKey key, string version = "0.3.0", string? operation = null)
    {
        var metadata = new JsonObject { ["namespace"] = key.Namespace, ["name"] = key.Name };
        if (operation is not null)
        {
            metadata["annotations"] = new JsonObject { [Operation.Annotation] = operation };
        }

        return Onboarding.Api.ApplyAsync(
            Api.Ocm, new JsonObject { ["metadata"] = metadata, ["spec"] = new JsonObject { ["version"] = version } });
    }

    /// <summary>A tenant with everything, until it is Ready.</summary>
    public async Task<ObjectKey> ReadyTenantAsync(string name = "mcp-01")
    {
        var key = Ocm(name);
        await ControlPlaneAsync(key);
        await ApplyOcmAsync(key);
        await ReadyAsync(key);
        return key;
    }

    public Task<KubeObject> ReadyAsync(ObjectKey key) => SeesAsync(key, "ReconcileSuccess");

    /// <summary>Waits until the OCM's Ready condition bears a reason for the OCM's present generation.</summary>
    public async Task<KubeObject> SeesAsync(ObjectKey key, string reason) => (await Eventually.Async(
        () => Onboarding.Api.FindAsync(Api.Ocm, key),
        ocm => ocm is not null && Ready(ocm, "reason") == reason && ocm.Json.Number("status", "observedGeneration") == ocm.Generation,
        $"OCM {key} says {reason}"))!;

    public Task GoneAsync(ObjectKey key) => Eventually.Async(
        async () => await Onboarding.Api.FindAsync(Api.Ocm, key) is null, $"OCM {key} is gone");

    public Task DeleteOcmAsync(ObjectKey key) => Onboarding.Api.DeleteAsync(Api.Ocm, key);

    public static string? Ready(KubeObject ocm, string field) => ocm.Json.Items("status", "conditions")
        .FirstOrDefault(condition => condition.Text("type") == "Ready").Text(field);

    public async Task<KubeObject> EventAsync(ObjectKey ocm, string reason) => (await Eventually.Async(
        async () => (await Onboarding.Api.ListAllAsync(Kinds.Event)).FirstOrDefault(told =>
            told.Json.Text("regarding", "name") == ocm.Name
            && told.Json.Text("regarding", "namespace") == ocm.Namespace
            && told.Json.Text("reason") == reason),
        told => told is not null,
        $"there is an Event {reason} on OCM {ocm}"))!;

    /// <summary>The objects of ours that are in a tenant's namespace.</summary>
    public async Task<IReadOnlyList<string>> LeftoversAsync(ObjectKey ocm)
    {
        List<string> left = [];
        foreach (var kind in PlatformKinds.Where(kind => kind != Kinds.ClusterRequest))
        {
            var all = await Platform.Api.ListAllAsync(kind);
            left.AddRange(all.Where(item => item.Namespace == TenantNamespace(ocm)).Select(item => $"{kind.Kind} {item.Name}"));
        }

        return left;
    }

    /// <summary>The objects of ours, by labels, that are on the control plane.</summary>
    public async Task<IReadOnlyList<string>> PlacedAsync()
    {
        List<string> placed = [];
        foreach (var kind in ControlPlaneKinds)
        {
            var all = await Mcp.Api.ListAllAsync(kind);
            placed.AddRange(all
                .Where(item => item.Namespace == Manifests.ToolkitNamespace && item.Labels.GetValueOrDefault(Manifests.ManagedByLabel) == Api.Group)
                .Select(item => $"{kind.Kind} {item.Name}"));
        }

        return placed;
    }

    public void StartController(ControllerOptions? options = null)
    {
        _running = new CancellationTokenSource();
        _controller = RunAsync(options ?? new ControllerOptions(), _running.Token);
    }

    public async Task StopControllerAsync()
    {
        if (_running is null)
        {
            return;
        }

        await _running.CancelAsync();
        await _controller;
        _running.Dispose();
        _running = null;
    }

    /// <summary>Runs the built Worker, as a process of its own, against these clusters.</summary>
    public WorkerProcess StartWorker(params string[] arguments) => StartWorker(new Dictionary<string, string?>(), arguments);

    /// <summary>The same, with more variables in its environment.</summary>
    public WorkerProcess StartWorker(IReadOnlyDictionary<string, string?> environment, params string[] arguments) =>
        Start("run", TestUsers.Provider, arguments, environment);

    /// <summary>Runs the built Worker's <c>init</c> as openmcp-operator does, which gives it all permissions.</summary>
    public WorkerProcess StartInit(params string[] arguments) => Start("init", ServerUser.AdminName, ["--verbosity=INFO", .. arguments]);

    /// <summary>Runs the built Worker's <c>init</c> as <c>deploy/</c> does, with the permissions there.</summary>
    public WorkerProcess StartStandaloneInit() => Start("init", TestUsers.Provider, ["--standalone"]);

    /// <summary>Runs the built Worker's <c>check</c> or <c>status</c> with the provider's permissions.</summary>
    public WorkerProcess StartInspection(string command, params string[] arguments) => Start(command, TestUsers.Provider, arguments);

    /// <summary>Runs the built Worker as the pod of this name.</summary>
    public WorkerProcess StartReplica(string podName, params string[] arguments) =>
        StartWorker(new Dictionary<string, string?> { ["POD_NAME"] = podName }, arguments);

    private WorkerProcess Start(
        string command, string user, string[] arguments, IReadOnlyDictionary<string, string?>? environment = null) => WorkerProcess.Start(
        [command, $"--provider-name={ProviderName}", "--environment=test", $"--api-group={Api.Group}", .. arguments],
        new Dictionary<string, string?>(environment ?? new Dictionary<string, string?>())
        {
            ["POD_NAMESPACE"] = PodNamespace,
            ["KUBECONFIG"] = KubeconfigFile(Platform, user),
        });

    public string KubeconfigFile(TestCluster cluster, string user = ServerUser.AdminName)
    {
        var path = Path.Combine(_folder.FullName, $"{cluster.Name}-{user}.yaml");
        cluster.WriteKubeconfig(path, user);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        PlatformFaults.Clear();
        OnboardingFaults.Clear();
        McpFaults.Clear();
        await StopControllerAsync();
        await Flux.DisposeAsync();
        await ClusterProvider.DisposeAsync();
        _fluxApi.Dispose();
        _clusterProvidersApi.Dispose();
        _folder.Delete(recursive: true);
    }

    private static IEnumerable<JsonObject> Definitions(ProviderApi api, string cluster) => ProviderCrds.Of(api)
        .Where(definition => definition.Labels[ProviderCrds.ClusterLabel] == cluster)
        .Select(definition => JsonObject.Create(definition.Json)!);

    // The controller gets what deploy/ and its own AccessRequest say, no more.
    private async Task GrantDeployedRolesAsync()
    {
        foreach (var role in DeployedRoles.Of(Api))
        {
            await Platform.GrantAsync(TestUsers.Provider, role, PodNamespace);
        }

        var purpose = OnboardingPurpose.Run(Api);
        await GrantOnboardingAsync(OnboardingRequests.AccessRequest(_identity, purpose, OnboardingRequests.Key(_identity, purpose)));
    }

    private async Task<string> GrantOnboardingAsync(KubeObject request)
    {
        var permissions = request.Json.Items("spec", "token", "permissions").Single();
        var rules = JsonSerializer.SerializeToNode(permissions.At("rules"))!.AsArray();
        await Onboarding.GrantAsync(TestUsers.Provider, request.Name[(Api.Group.Length + "--".Length)..], rules);
        return Onboarding.Kubeconfig(TestUsers.Provider);
    }

    private async Task RunAsync(ControllerOptions options, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var metrics = TestMetrics.Create();
        using var loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(new ProgressLog()));
        using var controller = new OcmController(
            _identity,
            new KubernetesApi("platform cluster", Source(Platform, PlatformFaults), new KubernetesApiOptions(), time, metrics.Requests),
            new KubernetesApi("onboarding cluster", Source(Onboarding, OnboardingFaults), new KubernetesApiOptions(), time, metrics.Requests),
            new ControlPlaneConnector(
                name => new KubeconfigSecretSource(name, new ConnectionOptions { Handlers = [McpFaults.Handler] }),
                source => new KubernetesApi("control plane", source, KubernetesApiOptions.OfControlPlane, time, metrics.Requests)),
            options,
            time,
            metrics,
            loggers);
        await controller.RunAsync(cancellationToken);
    }

    private IConnectionSource Source(TestCluster cluster, Faults faults) => ConnectionSources.Platform(
        new ConnectionOptions { KubeconfigPath = KubeconfigFile(cluster, TestUsers.Provider), Handlers = [faults.Handler] },
        TimeProvider.System,
        NullLoggerFactory.Instance);
}
