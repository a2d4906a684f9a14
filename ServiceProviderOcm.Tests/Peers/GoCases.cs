using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Peers;

/// <summary>Switching from the real Go provider, and back.</summary>
/// <param name="hasRealFlux">Whether Flux is real, too.</param>
public abstract class GoCases(bool hasRealFlux) : PeerFixture(new ProviderApi(ProviderApi.RenamedGroup))
{
    private const string Older = "1.0.0";
    private const string Newer = "1.1.0";

    private static readonly ProviderApi Default = new(ProviderApi.DefaultGroup);
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(60);
    private static readonly string[] FluxPlurals = [PlatformKinds.HelmRelease.Plural, PlatformKinds.OciRepository.Plural];

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

        await Peers.Go.InitAsync();
        await World.ConfigureAsync(Config());
        _go = Peers.Go.Run();
    }

    [TearDown]
    public Task StopGoAsync() => _go is { HasExited: false } ? _go.TerminateAsync() : Task.CompletedTask;

    [Test]
    public async Task A_take_over_in_place_reinstalls_nothing_and_changes_no_generation()
    {
        await InstalledByGoAsync();
        await StopGoAsync();
        var before = await ManagedAsync(Ocm);
        var revision = await RevisionAsync();
        using var states = new ReadyStates(World, Ocm);

        await using var worker = await StartWorkerAsync();
        await AdoptedAsync();
        await World.ReadyAsync(Ocm);

        Assert.That(await ManagedAsync(Ocm), Is.EqualTo(before));
        Assert.That(await RevisionAsync(), Is.EqualTo(revision));
        Assert.That(await states.SeenAsync(), Is.All.EqualTo("True"));
        Assert.That(await RegisteredAsync(), Is.EqualTo([World.Api.Group]));
    }

    [Test]
    public async Task A_rollback_to_the_Go_provider_reinstalls_nothing_and_upgrades_work_again()
    {
        var release = await InstalledByGoAsync();
        await StopGoAsync();
        await using (var worker = await StartWorkerAsync())
        {
            await AdoptedAsync();
            await worker.TerminateAsync();
        }

        await DeleteOnboardingAccessAsync();
        await Peers.Go.InitAsync();
        _go = Peers.Go.Run();
        await World.ApplyOcmAsync(Ocm, Newer);

        await Eventually.Async(
            () => World.Platform.Api.GetAsync(PlatformKinds.OciRepository, ProviderWorld.FluxKey(Ocm), default),
            source => source.Json.Text("spec", "ref", "tag") == Newer,
            "the Go provider upgrades",
            LongTimeout);
        await ReadyAsync(World.Api, Ocm);
        Assert.That((await ReleaseAsync(Ocm)).Uid, Is.EqualTo(release.Uid));
    }

    [Test]
    public async Task A_migration_to_the_other_group_and_back_reinstalls_nothing()
    {
        var release = await InstalledByGoAsync();
        await StopGoAsync();
        await World.Clusters.InstallDefinitionsAsync(Default);
        await using (var worker = await StartWorkerAsync())
        {
            await AdoptedAsync();
            await worker.TerminateAsync();
        }

        await MigrateAsync(World.Api, Default);
        Assert.That(await RegisteredAsync(), Is.EqualTo([Default.Group]));
        await MigrateAsync(Default, World.Api);

        Assert.That(await RegisteredAsync(), Is.EqualTo([World.Api.Group]));
        Assert.That((await ReleaseAsync(Ocm)).Uid, Is.EqualTo(release.Uid));
    }

    [Test]
    public async Task While_the_Go_provider_holds_its_Lease_nothing_is_written()
    {
        await InstalledByGoAsync();
        var lease = await LeaseAsync("go-provider", TimeProvider.System.GetUtcNow());
        var mark = World.Platform.AuditLog.Mark();

        await using var worker = await StartWorkerAsync();
        await worker.LogsAsync(ObjectNames.GoLease);
        Assert.That(WorkerFluxWrites(mark), Is.Empty);

        // As at the end of a leader that releases its Lease.
        await StopGoAsync();
        await LeaseAsync("", TimeProvider.System.GetUtcNow(), lease.Namespace);
        await AdoptedAsync();
        await World.ReadyAsync(Ocm);
    }

    [Test]
    public async Task Both_providers_at_the_same_time_settle_without_a_reinstallation()
    {
        var release = await InstalledByGoAsync();
        var revision = await RevisionAsync();

        await using var worker = await StartWorkerAsync();
        await Task.Delay(Overlap, TimeProvider.System);
        await StopGoAsync();

        await AdoptedAsync();
        await World.ReadyAsync(Ocm);
        Assert.That((await ReleaseAsync(Ocm)).Uid, Is.EqualTo(release.Uid));
        Assert.That(await RevisionAsync(), Is.EqualTo(revision));
    }

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
        ["helmValues"] = new JsonObject
        {
            ["manager"] = new JsonObject
            {
                ["replicas"] = 1,
                ["imagePullSecrets"] = new JsonArray(new JsonObject { ["name"] = ProviderWorld.PullSecretName }),
            },
        },
    };

    private async Task<KubeObject> InstalledByGoAsync()
    {
        await World.ControlPlaneAsync(Ocm);
        await World.ApplyOcmAsync(Ocm, Older);
        await ReadyAsync(World.Api, Ocm);
        return await ReleaseAsync(Ocm);
    }

    // As openmcp-operator does after the image was replaced: init, then run, without a setting for the API group.
    private async Task<WorkerProcess> StartWorkerAsync()
    {
        await using (var init = World.StartDetecting("init"))
        {
            Assert.That((await init.EndAsync(), string.Join('\n', init.Errors)), Is.EqualTo((0, "")));
        }

        return World.StartDetecting("run");
    }

    private Task AdoptedAsync() => Eventually.Async(
        () => ReleaseAsync(Ocm), release => release.Labels.ContainsKey(ObjectNames.ManagedByLabel), "the HelmRelease is adopted", LongTimeout);

    private async Task MigrateAsync(ProviderApi from, ProviderApi to)
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

    private async Task DeleteOnboardingAccessAsync()
    {
        foreach (var kind in new[] { PlatformKinds.AccessRequest, PlatformKinds.ClusterRequest })
        {
            foreach (var request in await World.Platform.Api.ListAllAsync(kind, World.PodNamespace))
            {
                await World.Platform.Api.DeleteAsync(kind, request.Key);
                await Eventually.Async(
                    async () => await World.Platform.Api.FindAsync(kind, request.Key) is null, $"{kind.Kind} {request.Name} is gone");
            }
        }
    }

    // Outside of a pod, the Go provider cannot elect a leader, since it finds its namespace in the pod's files: the test writes its Lease.
    private async Task<KubeObject> LeaseAsync(string holder, DateTimeOffset renewed, string? ns = null)
    {
        ns ??= (await World.NamespaceAsync(World.Onboarding, World.PodNamespace)).Name;
        var time = renewed.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        return await World.Onboarding.Api.ApplyAsync(Kinds.Lease, new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = ns, ["name"] = ObjectNames.GoLease },
            ["spec"] = new JsonObject
            {
                ["holderIdentity"] = holder,
                ["leaseDurationSeconds"] = 60,
                ["acquireTime"] = time,
                ["renewTime"] = time,
            },
        });
    }

    private IEnumerable<AuditEntry> WorkerFluxWrites(long mark) => World.Platform.AuditLog.Since(mark)
        .Where(entry => entry.User == World.User && entry.IsProviderWrite() && FluxPlurals.Contains(entry.Resource));

    private async Task<long?> RevisionAsync() => (await ReleaseAsync(Ocm)).Json.Items("status", "history").FirstOrDefault().Number("version");

    private async Task<IEnumerable<string?>> RegisteredAsync() =>
        (await World.Platform.Api.GetAsync(PlatformKinds.ServiceProvider, ObjectKey.ClusterScoped(World.ProviderName), default)).Json
            .Items("status", "resources").Select(resource => resource.Text("group"));
}
