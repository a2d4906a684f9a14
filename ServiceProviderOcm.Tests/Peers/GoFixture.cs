using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Peers;

/// <summary>Cases that begin with an installation by the Go provider.</summary>
/// <param name="hasRealFlux">Whether Flux is real.</param>
/// <param name="hasRealGo">Whether the Go provider is real, or what it writes is replayed.</param>
public abstract class GoFixture(bool hasRealFlux, bool hasRealGo) : PeerFixture(new ProviderApi(ProviderApi.RenamedGroup))
{
    protected const string Older = "1.0.0";
    protected const string Newer = "1.1.0";

    protected static readonly ProviderApi Default = new(ProviderApi.DefaultGroup);

    private WorkerProcess? _go;

    [SetUp]
    public async Task Start()
    {
        await ServiceProviderAsync();

        // Without it, the Go provider's init does not register.
        await World.Platform.Api.UpdateStatusAsync(
            PlatformKinds.ServiceProvider, ObjectKey.ClusterScoped(World.ProviderName), new JsonObject { ["observedGeneration"] = 1 });
        if (hasRealFlux)
        {
            await Peers.StartRegistryAsync(Older, Newer);
            await Peers.StartFluxAsync(trustsRegistry: true);
        }
        else
        {
            await World.PullSecretAsync();
        }

        if (hasRealGo)
        {
            await Peers.Go.InitAsync();
        }

        await World.ConfigureAsync(Config());
        if (hasRealGo)
        {
            StartGo();
        }
    }

    [TearDown]
    public Task StopGoAsync() => _go is { HasExited: false } ? _go.TerminateAsync() : Task.CompletedTask;

    /// <summary>Starts <c>run</c> of the Go provider.</summary>
    protected void StartGo(params string[] flags) => _go = Peers.Go.Run(flags);

    private JsonObject Config() => new()
    {
        ["pollInterval"] = "10s",
        ["versions"] = new JsonArray(Version(Older), Version(Newer)),
    };

    private JsonObject Version(string version) => new()
    {
        ["version"] = version,
        ["chartVersion"] = version,
        ["chartURL"] = hasRealFlux ? Peers.Registry.ChartUrl : "oci://registry.example.com/charts/toolkit",
        ["chartPullSecret"] = ProviderWorld.PullSecretName,
        ["helmValues"] = Values(),
    };

    private static JsonObject Values() => new()
    {
        ["manager"] = new JsonObject
        {
            ["replicas"] = 1,
            ["imagePullSecrets"] = new JsonArray(new JsonObject { ["name"] = ProviderWorld.PullSecretName }),
        },
    };

    protected async Task<KubeObject> InstalledByGoAsync()
    {
        if (hasRealGo)
        {
            await World.ControlPlaneAsync(Ocm);
            await World.ApplyOcmAsync(Ocm, Older);
        }
        else
        {
            using var go = new GoProvider(World) { PullSecret = ProviderWorld.PullSecretName, Values = Values() };
            await go.InstalledAsync(version: Older);
        }

        await ReadyAsync(World.Api, Ocm);
        return await ReleaseAsync(Ocm);
    }

    // As openmcp-operator does after the image was replaced: init, then run, without a setting for the API group.
    protected async Task<WorkerProcess> StartWorkerAsync(params string[] flags)
    {
        await using (var init = World.StartDetecting("init", flags))
        {
            Assert.That((await init.EndAsync(), string.Join('\n', init.Errors)), Is.EqualTo((0, "")));
        }

        return World.StartDetecting("run", flags);
    }

    protected Task AdoptedAsync() => Eventually.Async(
        () => ReleaseAsync(Ocm), release => release.Labels.ContainsKey(ObjectNames.ManagedByLabel), "the HelmRelease is adopted", LongTimeout);

    protected async Task MigrateAsync(ProviderApi from, ProviderApi to)
    {
        await using var migrate = WorkerProcess.Start(
            ["migrate", "--yes", $"--provider-name={World.ProviderName}", $"--from={from.Group}", $"--to={to.Group}", "--timeout=3m"],
            new Dictionary<string, string?>
            {
                ["POD_NAMESPACE"] = World.PodNamespace,
                ["KUBECONFIG"] = World.KubeconfigFile(World.Platform),
            });
        await using var worker = World.StartDetecting("run", $"--api-group={to.Group}");

        Assert.That(await migrate.EndAsync(), Is.Zero);
        await ReadyAsync(to, Ocm);
        Assert.That(await World.Onboarding.Api.FindAsync(from.Ocm, Ocm), Is.Null);
        await worker.TerminateAsync();
    }

    protected async Task<long?> RevisionAsync() => (await ReleaseAsync(Ocm)).Json.Items("status", "history").FirstOrDefault().Number("version");

    protected async Task<IEnumerable<string?>> RegisteredAsync() =>
        (await World.Platform.Api.GetAsync(PlatformKinds.ServiceProvider, ObjectKey.ClusterScoped(World.ProviderName), default)).Json
            .Items("status", "resources").Select(resource => resource.Text("group"));
}
