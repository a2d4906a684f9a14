using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Metrics;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>Orphans on the sandbox, also in situations that need clusters of their own.</summary>
[Category("Sandbox")]
public sealed class OrphanTests() : OrphanScenarios(() => ProviderWorld.InSandboxAsync())
{
    [Test]
    public async Task Cleanup_leaves_objects_of_another_API_group_provider_or_namespace_untouched()
    {
        await OrphanAsync();
        await RelabelAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(Ocm), ObjectNames.ManagedByLabel, "other.example.com");
        await RelabelAsync(PlatformKinds.OciRepository, ProviderWorld.FluxKey(Ocm), ObjectNames.ProviderLabel(Api), "another");
        var copied = ProviderWorld.SecretCopy(Ocm);
        var elsewhere = JsonObject.Create((await World.Platform.Api.GetAsync(Kinds.Secret, copied, default)).Json)!;
        elsewhere["metadata"] = new JsonObject
        {
            ["namespace"] = World.PodNamespace,
            ["name"] = "elsewhere",
            ["labels"] = elsewhere["metadata"]!["labels"]!.DeepClone(),
        };
        await World.Platform.Api.ApplyAsync(Kinds.Secret, elsewhere);

        var (exitCode, _, _) = await RunAsync("cleanup", "--yes");

        Assert.That(exitCode, Is.Zero);
        Assert.That(
            await World.LeftoversAsync(Ocm),
            Is.EquivalentTo([$"HelmRelease {ObjectNames.Flux}", $"OCIRepository {ObjectNames.Flux}"]));
        Assert.That(await World.Platform.Api.FindAsync(Kinds.Secret, new ObjectKey(World.PodNamespace, "elsewhere")), Is.Not.Null);
    }

    [Test]
    public async Task Cleanup_deletes_objects_on_the_control_plane_before_the_access_to_it()
    {
        await World.ConfigureAsync(new JsonObject
        {
            ["values"] = ToolkitValues.WithPullSecret(),
        });
        await OrphanAsync();
        Assert.That(await World.PlacedAsync(), Has.Count.EqualTo(1));

        var (exitCode, output, _) = await RunAsync("cleanup", "--yes", "-o", "json");

        var result = JsonReading.Parse(string.Join('\n', output)).EnumerateArray().Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(exitCode, Is.Zero);
            Assert.That(result.Text("result"), Is.EqualTo("Deleted"));
            Assert.That(result.Text("name"), Is.EqualTo(Ocm.Name));
            Assert.That(await World.PlacedAsync(), Is.Empty);
            Assert.That(await World.LeftoversAsync(Ocm), Is.Empty);
        }
    }

    [Test]
    public async Task Cleanup_deletes_nothing_if_the_control_plane_is_unreachable()
    {
        World.McpKubeconfig = World.Mcp.Kubeconfig(TestUsers.Nobody);
        await OrphanAsync();

        var (exitCode, output, _) = await RunAsync("cleanup", "--yes");

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output, Has.Some.Matches("Blocked +Control plane .* is unreachable"));
        Assert.That(await World.LeftoversAsync(Ocm), Has.Count.EqualTo(5));
    }

    [Test]
    public async Task Cleanup_deletes_nothing_if_OCMs_cannot_be_listed_or_are_not_served()
    {
        await OrphanAsync();
        await using var forbidden = World.StartInspection(
            "cleanup", "--yes", $"--onboarding-kubeconfig={World.KubeconfigFile(World.Onboarding, TestUsers.Nobody)}");
        Assert.That(await forbidden.EndAsync(), Is.EqualTo(1));

        // This cluster does not serve OCMs.
        await using var notServed = World.StartInspection("cleanup", "--yes", $"--onboarding-kubeconfig={World.KubeconfigFile(World.Mcp)}");
        Assert.That(await notServed.EndAsync(), Is.EqualTo(1));
        Assert.That(notServed.Errors.Single(), Does.Contain("is not served by the onboarding cluster"));
        Assert.That(await World.LeftoversAsync(Ocm), Has.Count.EqualTo(5));
    }

    [Test]
    public async Task Cleanup_deletes_only_in_the_named_tenant_namespaces()
    {
        await OrphanAsync();

        var (exitCode, _, errors) = await RunAsync("cleanup", "--yes", "-n", "mcp--another");

        Assert.That(exitCode, Is.Zero);
        Assert.That(errors, Has.Some.EqualTo("No orphaned objects found."));
        Assert.That(await World.LeftoversAsync(Ocm), Has.Count.EqualTo(5));
    }

    [Test]
    public async Task Objects_under_migration_are_neither_reported_nor_deleted()
    {
        await OrphanAsync();
        await World.Platform.Api.MergePatchAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(Ocm), new JsonObject
        {
            ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [ObjectNames.MigrationAnnotation(Api)] = "true" } },
        });
        var (exitCode, _, errors) = await RunAsync("cleanup", "--yes");
        Assert.That(exitCode, Is.Zero);
        Assert.That(errors, Has.Some.EqualTo("No orphaned objects found."));

        using var metrics = new MetricsReader();
        World.StartController(AtOnce, metrics.Metrics);
        await World.ControlPlaneAsync(World.Ocm("mcp-02"));
        await World.ApplyOcmAsync(World.Ocm("mcp-02"));
        await World.ReadyAsync(World.Ocm("mcp-02"));

        await OrphanedAsync(metrics, 0);
        Assert.That(await World.LeftoversAsync(Ocm), Has.Count.EqualTo(5));
    }

    [Test]
    public async Task What_a_request_creates_after_it_has_timed_out_and_its_OCM_is_gone_is_reported()
    {
        using var metrics = new MetricsReader();
        await World.StopControllerAsync();
        World.StartController(AtOnce, metrics.Metrics);
        await World.ReadyTenantAsync();
        var source = await World.Platform.Api.GetAsync(PlatformKinds.OciRepository, ProviderWorld.FluxKey(Ocm), default);
        await World.DeleteOcmAsync(Ocm);
        await World.GoneAsync(Ocm);
        await OrphanedAsync(metrics, 0);

        var late = JsonObject.Create(source.Json)!;
        late["metadata"] = new JsonObject
        {
            ["namespace"] = source.Namespace,
            ["name"] = source.Name,
            ["labels"] = late["metadata"]!["labels"]!.DeepClone(),
        };
        late.Remove("status");
        await World.Platform.Api.ApplyAsync(PlatformKinds.OciRepository, late);

        await OrphanEventAsync();
        Assert.That(metrics.Read("service_provider_ocm_orphaned_objects"), Does.ContainKey("OCIRepository").WithValue(1));
    }

    private Task<KubeObject> RelabelAsync(ResourceKind kind, ObjectKey key, string label, string value) =>
        World.Platform.Api.MergePatchAsync(
            kind, key, new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [label] = value } } });
}
