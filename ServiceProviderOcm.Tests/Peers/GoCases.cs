using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Peers;

/// <summary>Switching from the real Go provider, and back.</summary>
/// <param name="hasRealFlux">Whether Flux is real, too.</param>
public abstract class GoCases(bool hasRealFlux) : GoFixture(hasRealFlux, hasRealGo: true)
{
    private static readonly string[] FluxPlurals = [PlatformKinds.HelmRelease.Plural, PlatformKinds.OciRepository.Plural];

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
        StartGo();
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
    public async Task Both_programs_accept_the_flags_of_the_image_contract()
    {
        string[] flags = ["--disable-stacktrace", "--disable-caller", "--disable-timestamp"];
        await StopGoAsync();
        StartGo(flags);
        await InstalledByGoAsync();
        await StopGoAsync();

        await using var worker = await StartWorkerAsync(flags);
        await AdoptedAsync();

        await World.ReadyAsync(Ocm);
    }

    [Test]
    public async Task Both_providers_at_the_same_time_settle_without_a_reinstallation()
    {
        var release = await InstalledByGoAsync();
        var revision = await RevisionAsync();
        var mark = World.Onboarding.AuditLog.Mark();

        await using var worker = await StartWorkerAsync();
        await AdoptedAsync();
        await Eventually.Async(() => StatusWriters(mark).Count() > 1, "each provider has replaced the status of the other", LongTimeout);
        await StopGoAsync();

        await World.ReadyAsync(Ocm);
        Assert.That((await ReleaseAsync(Ocm)).Uid, Is.EqualTo(release.Uid));
        Assert.That(await RevisionAsync(), Is.EqualTo(revision));
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

    // By what they call themselves: both names begin with that of the program, and the versions differ.
    private IEnumerable<string> StatusWriters(long mark) => World.Onboarding.AuditLog.Since(mark)
        .Where(entry => entry.IsProviderWrite() && (entry.Resource, entry.Subresource) == (World.Api.Ocm.Plural, "status"))
        .Select(entry => entry.UserAgent)
        .Distinct();

    private IEnumerable<AuditEntry> WorkerFluxWrites(long mark) => World.Platform.AuditLog.Since(mark)
        .Where(entry => entry.User == World.User && entry.IsProviderWrite() && FluxPlurals.Contains(entry.Resource));
}
