using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Metrics;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>
/// A finalizer is removed by hand: orphans are reported by the controller and by <c>status</c>, and deleted by <c>cleanup</c>.
/// </summary>
/// <param name="create">Makes the world of a test.</param>
[Category("Worker")]
public abstract class OrphanScenarios(Func<Task<ProviderWorld>> create) : WorldFixture(create)
{
    protected static readonly ControllerOptions AtOnce = new() { OrphanGracePeriod = TimeSpan.Zero };

    [SetUp]
    public async Task Start()
    {
        await World.PullSecretAsync();
        await World.ConfigureAsync(new JsonObject { ["imagePullSecret"] = new JsonObject { ["name"] = ProviderWorld.PullSecretName } });
        World.StartController();
    }

    [Test]
    public async Task Orphans_are_reported_by_metric_Event_and_status_and_deleted_by_cleanup_after_users_objects()
    {
        await OrphanAsync();
        using var metrics = new MetricsReader();
        World.StartController(AtOnce, metrics.Metrics);

        await OrphanedAsync(metrics, 1);
        await OrphanEventAsync();
        var (exitCode, output, _) = await RunAsync("status");
        Assert.That(exitCode, Is.Zero);
        Assert.That(output, Has.Some.Matches(
            $"^{Ocm.Namespace} +{Ocm.Name} +- +- +Orphaned +- +{Tenant} +OrphanedObjects +OCM {Ocm} does not exist"));

        await AssertDryRunAsync();
        var repository = new ObjectKey("default", World.ProviderName);
        await World.Mcp.Api.ApplyAsync(PlatformKinds.Repository, Repository(repository));
        (exitCode, output, _) = await RunAsync("cleanup", "--yes");
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output, Has.Some.Matches($"HelmRelease +{ObjectNames.Flux} +Blocked +[0-9]+ Repository object"));
        Assert.That(await World.LeftoversAsync(Ocm), Has.Count.EqualTo(5));

        // Other tests may have objects on the same control plane.
        await World.Mcp.Api.DeleteAsync(PlatformKinds.Repository, repository);
        await Eventually.Async(async () => (await RunAsync("cleanup", "--yes")).ExitCode == 0, "cleanup succeeds");
        Assert.That(await World.LeftoversAsync(Ocm), Is.Empty);
        Assert.That(World.Flux.Uninstalled.Select(release => release.Namespace), Does.Contain(Tenant));
        await OrphanedAsync(metrics, 0);
    }

    [Test]
    public async Task An_OCM_that_is_created_again_adopts_its_objects()
    {
        await OrphanAsync();
        using var metrics = new MetricsReader();
        World.StartController(AtOnce, metrics.Metrics);
        await OrphanedAsync(metrics, 1);

        await World.ApplyOcmAsync(Ocm);

        await World.ReadyAsync(Ocm);
        await OrphanedAsync(metrics, 0);
        var (exitCode, output, errors) = await RunAsync("cleanup", "--yes");
        Assert.That(exitCode, Is.Zero);
        Assert.That(output, Is.Empty);
        Assert.That(errors, Is.EqualTo(["No orphaned objects found."]));
        Assert.That(await World.LeftoversAsync(Ocm), Has.Count.EqualTo(5));
    }

    protected string Tenant => ProviderWorld.TenantNamespace(Ocm);

    /// <summary>A Ready tenant whose OCM is deleted without the controller, which stays stopped.</summary>
    protected async Task OrphanAsync()
    {
        await World.ReadyTenantAsync();
        await World.StopControllerAsync();
        await World.DeleteOcmAsync(Ocm);
        await World.Onboarding.Api.MergePatchAsync(
            Api.Ocm, Ocm, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } });
        await World.GoneAsync(Ocm);
    }

    protected static Task OrphanedAsync(MetricsReader metrics, int releases) => Eventually.Async(
        () => Task.FromResult(metrics.Read("service_provider_ocm_orphaned_objects")),
        values => values.TryGetValue("HelmRelease", out var value) && value == releases,
        $"{releases} HelmReleases are orphaned");

    protected async Task<(int ExitCode, IReadOnlyCollection<string> Output, IReadOnlyCollection<string> Errors)> RunAsync(
        string command, params string[] arguments)
    {
        await using var process = World.StartInspection(
            command,
            [
                $"--kubeconfig={World.KubeconfigFile(World.Platform, World.User)}",
                $"--onboarding-kubeconfig={World.KubeconfigFile(World.Onboarding, World.User)}",
                .. arguments,
            ]);
        return (await process.EndAsync(), process.Output, process.Errors);
    }

    private async Task AssertDryRunAsync()
    {
        var (exitCode, output, errors) = await RunAsync("cleanup");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(exitCode, Is.Zero);
            Assert.That(output, Has.Count.EqualTo(5), "a header and four objects; the kubeconfig is not managed by the controller");
            Assert.That(errors, Has.Some.Contains("This was a dry run: use --yes"));
            Assert.That(await World.LeftoversAsync(Ocm), Has.Count.EqualTo(5));
        }
    }

    protected Task OrphanEventAsync() => Eventually.Async(
        async () => (await World.Platform.Api.ListAllAsync(Kinds.Event)).Where(item => item.Namespace == Tenant).ToList(),
        events => events.Count(item => item.Text("reason") == "OrphanedObjects" && item.Text("regarding", "name") == Tenant) == 1,
        $"there is an Event on {Tenant}");

    private static JsonObject Repository(ObjectKey key) => new()
    {
        ["metadata"] = new JsonObject { ["namespace"] = key.Namespace, ["name"] = key.Name },
        ["spec"] = new JsonObject
        {
            ["interval"] = "1m",
            ["repositorySpec"] = new JsonObject { ["type"] = "OCIRegistry", ["baseUrl"] = "r.example.com" },
        },
    };
}
