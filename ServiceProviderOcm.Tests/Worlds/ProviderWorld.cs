using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Telemetry;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Metrics;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>
/// A platform as the controller finds it: three clusters, stand-ins for the controllers that it works with, and the controller. A test
/// has clusters of the sandbox for itself, or it shares those of the run and has an API group, names and namespaces for itself.
/// </summary>
public sealed class ProviderWorld : IAsyncDisposable
{
    public const string PullSecretName = "registry";
    public const string CaBundleName = "trust";

    private static readonly ResourceKind[] ManagedKinds =
        [PlatformKinds.HelmRelease, PlatformKinds.OciRepository, PlatformKinds.AccessRequest, PlatformKinds.ClusterRequest, Kinds.Secret];

    private static readonly ResourceKind[] ControlPlaneKinds = [Kinds.Secret, Kinds.ConfigMap];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("provider-world-");
    private readonly WorldNames _names;
    private readonly bool _ownsClusters;
    private readonly ConcurrentDictionary<string, bool> _namespaces = new();
    private readonly TestKubernetesApi _clusterProvidersApi;
    private readonly TestKubernetesApi _fluxApi;
    private CancellationTokenSource? _running;
    private Task _controller = Task.CompletedTask;

    private ProviderWorld(TestClusterSet clusters, bool ownsClusters, WorldNames names)
    {
        Clusters = clusters;
        _ownsClusters = ownsClusters;
        _names = names;
        Identity = new Identity(names.Api, names.ProviderName, names.PodNamespace);
        Permissions = new WorldPermissions(clusters, names);
        _clusterProvidersApi = new TestKubernetesApi(clusters.Platform, ClusterProviderStandIn.Name);
        _fluxApi = new TestKubernetesApi(clusters.Platform, FluxStandIn.Name);
        ClusterProvider = new ClusterProviderStandIn(
            new ScopedApi(_clusterProvidersApi, _namespaces.ContainsKey),
            Pace.AtOnce,
            async request => request.Namespace == PodNamespace
                ? await Permissions.GrantOnboardingAsync(request)
                : KubeconfigOf(request) ?? McpKubeconfig);
        Flux = new FluxStandIn(new ScopedApi(_fluxApi, _namespaces.ContainsKey), Pace.AtOnce)
        {
            DependencyInterval = TimeSpan.FromSeconds(2),
        };
        McpKubeconfig = clusters.Mcp.Kubeconfig();
    }

    public TestClusterSet Clusters { get; }

    public Identity Identity { get; }

    public WorldPermissions Permissions { get; }

    public ProviderApi Api => Identity.Api;
    public string ProviderName => Identity.ProviderName;

    public string PodNamespace => Identity.PodNamespace;

    /// <summary>Whom the controller acts as; it has the permissions of <c>deploy/</c>.</summary>
    public string User => _names.User;

    /// <summary>Whom a second replica of the controller acts as; it may do everything.</summary>
    public string ReplicaUser => _names.ReplicaUser;

    public TestCluster Platform => Clusters.Platform;

    public TestCluster Onboarding => Clusters.Onboarding;

    public TestCluster Mcp => Clusters.Mcp;

    public ClusterProviderStandIn ClusterProvider { get; }

    public FluxStandIn Flux { get; }

    public string McpKubeconfig { get; set; } = "";

    public HttpFaults PlatformFaults { get; } = new();

    public HttpFaults OnboardingFaults { get; } = new();

    /// <summary>The kubeconfig that is granted to an AccessRequest; null for that of the one control plane.</summary>
    public Func<KubeObject, string?> KubeconfigOf { get; set; } = _ => null;

    public HttpFaults McpFaults { get; } = new();

    public string Workspace => _names.Workspace;

    /// <summary>Makes a world on new clusters of the sandbox, which it disposes.</summary>
    /// <param name="api">The API group; the default one unless another is named.</param>
    /// <param name="withPermissions">Whether the controller has permissions from the beginning.</param>
    public static async Task<ProviderWorld> InSandboxAsync(ProviderApi? api = null, bool withPermissions = true) => await CreateAsync(
        await TestClusters.StartSandboxAsync(),
        ownsClusters: true,
        WorldNames.Own(api ?? new ProviderApi(ProviderApi.DefaultGroup)),
        withPermissions: withPermissions);

    /// <summary>Makes a world on the clusters of the run, which other tests use at the same time.</summary>
    /// <param name="api">The API group, which no other test may use at the same time; one of the test's own by default.</param>
    /// <param name="withDefinitions">Whether the CustomResourceDefinitions of the provider are installed.</param>
    /// <param name="withPermissions">Whether the controller has permissions from the beginning.</param>
    public static async Task<ProviderWorld> OnSharedServersAsync(
        ProviderApi? api = null, bool withDefinitions = true, bool withPermissions = true) =>
        await CreateAsync(await TestClusters.GetAsync(), ownsClusters: false, WorldNames.Shared(api), withDefinitions, withPermissions);

    /// <summary>Makes a world on clusters that the test has started, and disposes itself.</summary>
    public static Task<ProviderWorld> OnAsync(TestClusterSet clusters, ProviderApi? api = null) =>
        CreateAsync(clusters, ownsClusters: false, WorldNames.Own(api ?? new ProviderApi(ProviderApi.DefaultGroup)));

    public ObjectKey Ocm(string name = "mcp-01") => new(Workspace, name);

    public static string TenantNamespace(ObjectKey ocm) => PlatformNames.TenantNamespace(ocm.Namespace, ocm.Name);

    public static ObjectKey FluxKey(ObjectKey ocm) => new(TenantNamespace(ocm), ObjectNames.Flux);

    public ObjectKey AccessRequest(ObjectKey ocm) => new(TenantNamespace(ocm), ObjectNames.AccessRequest(Api, ocm.Name));

    public static ObjectKey SecretCopy(ObjectKey ocm, string source = PullSecretName) =>
        new(TenantNamespace(ocm), ObjectNames.SecretCopy(source));

    public Task<KubeObject> ConfigureAsync(JsonObject? spec = null) => Platform.Api.ApplyAsync(Api.ProviderConfig, new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = ProviderName },
        ["spec"] = spec ?? new JsonObject { ["chartURL"] = "registry.example.com/charts/toolkit", ["pollInterval"] = "1h" },
    });

    /// <summary>Sets the operation annotation of the ProviderConfig, or removes it.</summary>
    public Task<KubeObject> OperateAsync(string? operation) => Platform.Api.MergePatchAsync(
        Api.ProviderConfig,
        ObjectKey.ClusterScoped(ProviderName),
        new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Operation.Annotation] = operation } } });

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

    public Task<KubeObject> ClusterRequestAsync(ObjectKey ocm) => Platform.Api.ApplyAsync(PlatformKinds.ClusterRequest, new JsonObject
    {
        ["metadata"] = new JsonObject { ["namespace"] = TenantNamespace(ocm), ["name"] = ocm.Name },
        ["spec"] = new JsonObject { ["purpose"] = "mcp" },
    });

    public Task<KubeObject> NamespaceAsync(TestCluster cluster, string name)
    {
        _namespaces[name] = true;
        return cluster.Api.ApplyAsync(Kinds.Namespace, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } });
    }

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
        ocm => ocm is not null && Ready(ocm, "reason") == reason && ocm.ReadyCondition.Number("observedGeneration") == ocm.Generation,
        $"OCM {key} says {reason}"))!;

    public Task GoneAsync(ObjectKey key) => Eventually.Async(
        async () => await Onboarding.Api.FindAsync(Api.Ocm, key) is null, $"OCM {key} is gone");

    public Task DeleteOcmAsync(ObjectKey key) => Onboarding.Api.DeleteAsync(Api.Ocm, key);

    public static string? Ready(KubeObject ocm, string field) => ocm.Json.Items("status", "conditions")
        .FirstOrDefault(condition => condition.Text("type") == "Ready").Text(field);

    public async Task<KubeObject> EventAsync(ObjectKey ocm, string reason) => (await Eventually.Async(
        async () => (await Onboarding.Api.ListAllAsync(Kinds.Event)).FirstOrDefault(item =>
            item.Json.Text("regarding", "name") == ocm.Name
            && item.Json.Text("regarding", "namespace") == ocm.Namespace
            && item.Json.Text("reason") == reason),
        item => item is not null,
        $"there is an Event {reason} on OCM {ocm}"))!;

    /// <summary>The managed objects in a tenant namespace.</summary>
    public async Task<IReadOnlyList<string>> LeftoversAsync(ObjectKey ocm)
    {
        List<string> left = [];
        foreach (var kind in ManagedKinds.Where(kind => kind != PlatformKinds.ClusterRequest))
        {
            var all = await Platform.Api.ListAllAsync(kind);
            left.AddRange(all.Where(item => item.Namespace == TenantNamespace(ocm)).Select(item => $"{kind.Kind} {item.Name}"));
        }

        return left;
    }

    /// <summary>The managed objects on the control plane, by label.</summary>
    public async Task<IReadOnlyList<string>> PlacedAsync()
    {
        List<string> placed = [];
        foreach (var kind in ControlPlaneKinds)
        {
            var all = await Mcp.Api.ListAllAsync(kind);
            placed.AddRange(all
                .Where(item => item.Namespace == ObjectNames.ToolkitNamespace && item.Labels.GetValueOrDefault(ObjectNames.ManagedByLabel) == Api.Group)
                .Select(item => $"{kind.Kind} {item.Name}"));
        }

        return placed;
    }

    public void StartController(ControllerOptions? options = null, ControllerMetrics? metrics = null)
    {
        _running = new CancellationTokenSource();
        _controller = RunAsync(Identity, options ?? new ControllerOptions(), metrics ?? TestMetrics.Create(), _running.Token);
    }

    /// <summary>Runs a controller of another API group until cancelled.</summary>
    public async Task RunControllerAsync(ProviderApi api, CancellationToken cancellationToken)
    {
        await Permissions.GrantRunAsync(Identity with { Api = api });
        await RunAsync(Identity with { Api = api }, new(), TestMetrics.Create(), cancellationToken);
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
        Start("run", User, arguments, environment);

    /// <summary>Runs the built Worker's <c>init</c> as openmcp-operator does, which gives it all permissions.</summary>
    public WorkerProcess StartInit(params string[] arguments) => Start("init", ServerUser.AdminName, ["--verbosity=INFO", .. arguments]);

    /// <summary>Runs the built Worker's <c>init</c> as <c>deploy/</c> does, with the permissions there.</summary>
    public WorkerProcess StartStandaloneInit() => Start("init", User, ["--standalone"]);

    /// <summary>Runs the built Worker's <c>check</c>, <c>status</c> or <c>cleanup</c> with the provider's permissions.</summary>
    public WorkerProcess StartInspection(string command, params string[] arguments) => Start(command, User, arguments);

    /// <summary>Runs the built Worker without a setting for the API group.</summary>
    public WorkerProcess StartDetecting(string command, params string[] arguments) => Start(
        command, command == "init" ? ServerUser.AdminName : User, arguments, isDetecting: true);

    /// <summary>Runs the built Worker without a setting for the API group, with more variables in its environment.</summary>
    public WorkerProcess StartDetecting(IReadOnlyDictionary<string, string?> environment, params string[] arguments) =>
        Start("run", User, arguments, environment, isDetecting: true);

    /// <summary>Runs the built Worker as the pod of this name.</summary>
    public WorkerProcess StartReplica(string podName, params string[] arguments) =>
        StartWorker(new Dictionary<string, string?> { ["POD_NAME"] = podName }, arguments);

    private WorkerProcess Start(
        string command, string user, string[] arguments, IReadOnlyDictionary<string, string?>? environment = null, bool isDetecting = false) => WorkerProcess.Start(
        [command, $"--provider-name={ProviderName}", "--environment=test", .. isDetecting ? arguments : [$"--api-group={Api.Group}", .. arguments]],
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
        if (_ownsClusters)
        {
            await Clusters.Servers.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    private static async Task<ProviderWorld> CreateAsync(
        TestClusterSet clusters, bool ownsClusters, WorldNames names, bool withDefinitions = true, bool withPermissions = true)
    {
        await clusters.Platform.InstallCrdsAsync("clusterrequests", "accessrequests", "ocirepositories", "helmreleases");
        await clusters.Mcp.InstallCrdsAsync("repositories");
        if (withDefinitions)
        {
            await clusters.InstallDefinitionsAsync(names.Api);
        }

        var world = new ProviderWorld(clusters, ownsClusters, names);
        await world.NamespaceAsync(world.Platform, world.PodNamespace);
        await world.NamespaceAsync(world.Onboarding, world.Workspace);
        if (withPermissions)
        {
            await world.Permissions.GrantDeployedRolesAsync();
            await world.Permissions.GrantRunAsync(world.Identity);
        }

        world.ClusterProvider.Start();
        world.Flux.Start();
        return world;
    }

    private async Task RunAsync(
        Identity identity, ControllerOptions options, ControllerMetrics metrics, CancellationToken cancellationToken)
    {
        var api = identity.Api;
        var time = TimeProvider.System;
        using var loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(new ProgressLog()));
        var open = new UseCount();
        using var controller = new OcmController(
            identity,
            new KubernetesApi("platform cluster", Source(Platform, PlatformFaults), ClientOptions.Default.For(api).WithSharedValues(), time, metrics.Requests),
            new KubernetesApi("onboarding cluster", Source(Onboarding, OnboardingFaults), ClientOptions.Default.For(api), time, metrics.Requests),
            new KubeconfigConnector(
                name => new KubeconfigSecretSource(name, ClientOptions.Connection with { Handlers = [McpFaults.Handler], Open = open }),
                source => new KubernetesApi("control plane", source, ClientOptions.ControlPlane.For(api), time, metrics.Requests))
            { Open = open },
            options, time, metrics, loggers);
        await controller.RunAsync(cancellationToken);
    }

    private IConnectionSource Source(TestCluster cluster, HttpFaults faults) => ConnectionSources.Platform(
        ClientOptions.Connection with { KubeconfigPath = KubeconfigFile(cluster, User), Handlers = [faults.Handler] },
        TimeProvider.System, NullLoggerFactory.Instance);
}
