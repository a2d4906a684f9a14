using NUnit.Framework;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Setup.Onboarding;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>The built Worker whose permissions arrive after its start: it says what it waits for, and works without a restart.</summary>
/// <param name="create">Makes a world in which the Worker has no permissions.</param>
[Category("Worker")]
public abstract class LatePermissionsScenarios(Func<Task<ProviderWorld>> create) : WorldFixture(create)
{
    [SetUp]
    public Task Configure() => World.ConfigureAsync();

    [Test]
    public async Task Roles_and_access_that_arrive_one_after_the_other_are_used_as_they_arrive()
    {
        await using var worker = World.StartWorker();

        await ArriveLateAsync(worker, "ClusterRequest");
    }

    [Test]
    public async Task A_Lease_that_becomes_permitted_is_acquired()
    {
        await using var worker = World.StartWorker("--leader-elect=true", Onboarding);
        var probes = await worker.UrlAsync("health probes");

        await ReadyzSaysAsync(probes, $"[-]controller: is waiting for Lease {World.Identity.Lease}: ", "forbidden");
        await GrantAllAsync();

        await World.ReadyTenantAsync();
    }

    [Test]
    public async Task Permissions_on_the_onboarding_cluster_that_arrive_later_are_used()
    {
        await World.Permissions.GrantDeployedRolesAsync();
        await using var worker = World.StartWorker(Onboarding);
        var probes = await worker.UrlAsync("health probes");

        await ReadyzSaysAsync(probes, $"[-]controller: is waiting for Lease {World.PodNamespace}/{ObjectNames.GoLease} ", "forbidden");
        await World.Permissions.GrantRunAsync(World.Identity);

        await World.ReadyTenantAsync();
        await ReadyzSaysAsync(probes, "ok");
    }

    private string Onboarding => $"--onboarding-kubeconfig={World.KubeconfigFile(World.Onboarding, World.User)}";

    /// <summary>First roles, then access to the onboarding cluster.</summary>
    /// <param name="worker">The Worker.</param>
    /// <param name="first">What it waits for at first.</param>
    protected async Task ArriveLateAsync(WorkerProcess worker, string first)
    {
        World.ClusterProvider.Behaviour = ClusterProviderBehaviour.Ignore;
        var probes = await worker.UrlAsync("health probes");

        await ReadyzSaysAsync(probes, "[-]onboarding access: waiting for ", first, "forbidden");
        await World.Permissions.GrantDeployedRolesAsync();
        var request = OnboardingRequests.Key(World.Identity, OnboardingPurpose.Run(Api));
        await ReadyzSaysAsync(probes, $"[-]onboarding access: waiting for ClusterRequest {request} to be granted");
        Assert.That((await GetAsync(probes, "healthz")).IsSuccessStatusCode, Is.True);
        World.ClusterProvider.Behaviour = ClusterProviderBehaviour.Grant;

        await World.ReadyTenantAsync();
        await ReadyzSaysAsync(probes, "ok");
        Assert.That(worker.HasExited, Is.False);
    }

    private async Task GrantAllAsync()
    {
        await World.Permissions.GrantDeployedRolesAsync();
        await World.Permissions.GrantRunAsync(World.Identity);
    }

    private static Task ReadyzSaysAsync(Uri probes, params string[] texts) => Eventually.Async(
        async () => await (await GetAsync(probes, "readyz?verbose")).Content.ReadAsStringAsync(),
        answer => texts.All(text => answer.Contains(text, StringComparison.Ordinal)),
        $"/readyz says {string.Join(" … ", texts)}");

    private static async Task<HttpResponseMessage> GetAsync(Uri probes, string path)
    {
        using var http = new HttpClient();
        return await http.GetAsync(new Uri(probes, path));
    }
}
