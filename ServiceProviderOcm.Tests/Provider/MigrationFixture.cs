using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Tools.Migrate;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Metrics;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>OCMs of one API group are moved to the other.</summary>
/// <param name="create">Makes the world of a test.</param>
/// <param name="formerOf">The group that they are moved from.</param>
/// <param name="ownsControlPlane">Whether no other test writes to the control plane.</param>
public abstract class MigrationFixture(
    Func<Task<ProviderWorld>> create, Func<ProviderApi, ProviderApi> formerOf, bool ownsControlPlane) : WorldFixture(create), IDisposable
{
    protected static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private RealApi? _platform;
    private RealApi? _onboarding;
    private Task _running = Task.CompletedTask;
    private string? _team;

    protected ProviderApi Former => formerOf(Api);

    /// <summary>The HelmRelease before the migration.</summary>
    protected KubeObject Release { get; set; } = null!;

    /// <summary>The Helm values of the ProviderConfig.</summary>
    protected JsonObject? HelmValues { get; set; } = ownsControlPlane ? Values : null;

    [SetUp]
    public async Task Start()
    {
        _platform = new RealApi(World.Platform, options: ClientOptions.Command);
        _onboarding = new RealApi(World.Onboarding, options: ClientOptions.Command);
        await World.Clusters.InstallDefinitionsAsync(Former);
        await World.Platform.InstallCrdsAsync("serviceproviders");
        await World.Platform.Api.ApplyAsync(PlatformKinds.ServiceProvider, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = World.ProviderName },
            ["spec"] = new JsonObject { ["image"] = "registry.example.com/service-provider-ocm:1.0.0" },
        });
        await World.Platform.Api.UpdateStatusAsync(
            PlatformKinds.ServiceProvider,
            ObjectKey.ClusterScoped(World.ProviderName),
            new JsonObject
            {
                ["observedGeneration"] = 1,
                ["resources"] = new JsonArray(new JsonObject { ["group"] = Former.Group, ["version"] = "v1alpha1", ["kind"] = "OCM" }),
            });
    }

    [TearDown]
    public Task Stop() => StopFormerAsync();

    public void Dispose()
    {
        Dispose(isDisposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool isDisposing)
    {
        if (isDisposing)
        {
            _stop.Dispose();
            _platform?.Dispose();
            _onboarding?.Dispose();
        }
    }

    [Test]
    public async Task OCMs_of_the_Go_provider_are_moved()
    {
        await InstalledByGoAsync();
        World.StartController();

        await MigrateAsync(new KillSwitch(int.MaxValue), Timeout);

        await AssertMovedAsync(Ocm, Release);
    }

    protected static JsonObject Values => (JsonObject)JsonNode.Parse("""{"manager":{"imagePullSecrets":[{"name":"registry"}]}}""")!;

    protected async Task InstalledByGoAsync()
    {
        await ConfigureAsync();
        using var go = new GoProvider(World, Former) { PullSecret = ProviderWorld.PullSecretName, Values = HelmValues };
        await World.PullSecretAsync();
        await go.InstalledAsync();
        Release = await ReleaseAsync(Ocm);
    }

    protected async Task InstalledAsync()
    {
        await World.PullSecretAsync();
        await ConfigureAsync();
        _running = World.RunControllerAsync(Former, _stop.Token);
        await OrderAsync(Ocm);
        Release = await ReleaseAsync(Ocm);
    }

    protected Task<KubeObject> ConfigureAsync() => World.Platform.Api.ApplyAsync(Former.ProviderConfig, new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = World.ProviderName },
        ["spec"] = new JsonObject
        {
            ["chartURL"] = "registry.example.com/charts/toolkit",
            ["pollInterval"] = "1h",
            ["imagePullSecret"] = new JsonObject { ["name"] = ProviderWorld.PullSecretName },
            ["values"] = HelmValues,
        },
    });

    protected async Task OrderAsync(ObjectKey ocm)
    {
        _team = "a";
        await World.ControlPlaneAsync(ocm);
        await World.Onboarding.Api.ApplyAsync(Former.Ocm, new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["namespace"] = ocm.Namespace,
                ["name"] = ocm.Name,
                ["labels"] = new JsonObject { ["team"] = _team },
            },
            ["spec"] = new JsonObject { ["version"] = "0.3.0" },
        });
        await Eventually.Async(
            () => World.Onboarding.Api.GetAsync(Former.Ocm, ocm, default),
            found => found.ReadyCondition.Text("status") == "True",
            $"OCM {ocm} of the former group is Ready");
    }

    protected Task<KubeObject> ReleaseAsync(ObjectKey ocm) =>
        World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(ocm), default);

    protected async Task StopFormerAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    protected async Task AssertMovedAsync(ObjectKey ocm, KubeObject before)
    {
        var moved = await World.ReadyAsync(ocm);
        var release = await ReleaseAsync(ocm);
        var source = await World.Platform.Api.GetAsync(PlatformKinds.OciRepository, ProviderWorld.FluxKey(ocm), default);
        var former = new ObjectKey(ProviderWorld.TenantNamespace(ocm), ObjectNames.AccessRequest(Former, ocm.Name));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(release.Uid, Is.EqualTo(before.Uid));
            Assert.That(release.Labels.Keys.Concat(source.Labels.Keys), Has.None.StartsWith($"{Former.Group}/"));
            Assert.That((moved.Labels.GetValueOrDefault("team"), moved.Text("spec", "version")), Is.EqualTo((_team, "0.3.0")));
            Assert.That(moved.Annotations, Is.Empty);
            Assert.That(moved.Finalizers, Is.EqualTo([Api.Finalizer]));
            Assert.That(await World.Onboarding.Api.FindAsync(Former.Ocm, ocm), Is.Null);
            Assert.That(await World.Platform.Api.FindAsync(PlatformKinds.AccessRequest, former), Is.Null);
            Assert.That(await World.Platform.Api.FindAsync(Former.ProviderConfig, ObjectKey.ClusterScoped(World.ProviderName)), Is.Null);
            Assert.That(await RegisteredAsync(), Is.EqualTo([Api.Group]));
            Assert.That(await World.PlacedAsync(), Is.EqualTo(HelmValues is null ? [] : (string[])["Secret registry"]));
            Assert.That(World.Flux.Uninstalled, Is.Empty);
        }
    }

    protected async Task<IEnumerable<string?>> RegisteredAsync() =>
        (await World.Platform.Api.GetAsync(PlatformKinds.ServiceProvider, ObjectKey.ClusterScoped(World.ProviderName), default)).Json
            .Items("status", "resources").Select(resource => resource.Text("group"));

    protected async Task<IReadOnlyList<TenantMigration>> MigrateAsync(KillSwitch kill, TimeSpan timeout) =>
        await Migration(kill).RunAsync(timeout, TestContext.Out.WriteLine, default);

    protected Migration Migration(
        KillSwitch kill, Func<IKubernetesApi, IKubernetesApi>? controlPlane = null, Func<IKubernetesApi, IKubernetesApi>? onboarding = null)
    {
        var metrics = TestMetrics.Create();
        return new Migration(
            World.Identity with { Api = Former },
            World.Identity,
            new KilledApi(_platform!.Api, kill),
            new KilledApi(onboarding?.Invoke(_onboarding!.Api) ?? _onboarding!.Api, kill),
            new KubeconfigConnector(
                name => new KubeconfigSecretSource(name, ClientOptions.Connection),
                source =>
                {
                    var api = new KubernetesApi("control plane", source, ClientOptions.ControlPlane, TimeProvider.System, metrics.Requests);
                    return new KilledApi(controlPlane?.Invoke(api) ?? api, kill);
                }),
            _ => Task.CompletedTask,
            TimeProvider.System)
        {
            PollInterval = PollInterval,
        };
    }
}
