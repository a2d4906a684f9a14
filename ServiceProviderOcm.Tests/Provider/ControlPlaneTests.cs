using System.Net;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>Image pull secrets for the pods of the toolkit are copied to the control plane, kept up to date, and pruned.</summary>
public sealed class ControlPlaneTests : ProviderFixture
{
    private static readonly ObjectKey Copy = new(ObjectNames.ToolkitNamespace, ProviderWorld.PullSecretName);

    [SetUp]
    public async Task Start()
    {
        await World.PullSecretAsync();
        await ConfigureAsync(ProviderWorld.PullSecretName);
        World.StartController();
    }

    [Test]
    public async Task A_pull_secret_is_copied_to_the_control_plane_and_listed_in_the_status()
    {
        await World.ReadyTenantAsync();
        var source = await World.Platform.Api.GetAsync(Kinds.Secret, new ObjectKey(World.PodNamespace, ProviderWorld.PullSecretName), default);
        var copy = await World.Mcp.Api.GetAsync(Kinds.Secret, Copy, default);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(copy.Json.Text("type"), Is.EqualTo(Manifests.PullSecretType));
            Assert.That(copy.Json.At("data")!.Value.GetRawText(), Is.EqualTo(source.Json.At("data")!.Value.GetRawText()));
            Assert.That(copy.Labels[ObjectNames.ManagedByLabel], Is.EqualTo(Api.Group));
        }

        await ListedAsync($"Secret {Copy.Name}");
    }

    [Test]
    public async Task A_rotated_pull_secret_is_copied_even_when_its_type_changes()
    {
        await World.ReadyTenantAsync();
        var rotated = await World.PullSecretAsync("second");
        await SeesCopyAsync(copy => copy.Json.Text("data", ".dockerconfigjson") == rotated.Json.Text("data", ".dockerconfigjson"));

        var key = new ObjectKey(World.PodNamespace, ProviderWorld.PullSecretName);
        await World.Platform.Api.DeleteAsync(Kinds.Secret, key);
        await World.SeesAsync(Ocm, "ImagePullSecretMissing");
        await World.Platform.Api.ApplyAsync(Kinds.Secret, new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = key.Namespace, ["name"] = key.Name },
            ["type"] = Manifests.LegacyPullSecretType,
            ["data"] = new JsonObject { [".dockercfg"] = "e30=" },
        });
        await SeesCopyAsync(copy => copy.Json.Text("type") == Manifests.LegacyPullSecretType && copy.Json.Text("data", ".dockercfg") == "e30=");
        await World.ReadyAsync(Ocm);
    }

    [TestCase("""{"data":{".dockerconfigjson":"e30="}}""", TestName = "{m}(changed)")]
    [TestCase("""{"data":{"extra":"e30="}}""", TestName = "{m}(extended)")]
    [TestCase("""{"metadata":{"labels":null}}""", TestName = "{m}(disowned)")]
    public async Task Drift_of_a_copy_on_the_control_plane_is_reverted(string edit)
    {
        await World.ReadyTenantAsync();
        var before = await World.Mcp.Api.GetAsync(Kinds.Secret, Copy, default);
        await World.Mcp.Api.MergePatchAsync(Kinds.Secret, Copy, JsonNode.Parse(edit)!.AsObject());
        await SeesCopyAsync(copy => copy.Json.At("data")!.Value.GetRawText() == before.Json.At("data")!.Value.GetRawText()
            && copy.Labels.GetValueOrDefault(ObjectNames.ManagedByLabel) == Api.Group);
    }

    [Test]
    public async Task A_deleted_copy_and_its_deleted_namespace_are_created_again()
    {
        await World.ReadyTenantAsync();
        await World.Mcp.Api.DeleteAsync(Kinds.Secret, Copy);
        await SeesCopyAsync(_ => true);
        await World.Mcp.RemoveNamespaceAsync(ObjectNames.ToolkitNamespace);
        await World.Mcp.Api.DeleteAsync(Kinds.Secret, Copy);
        await Eventually.Async(
            async () => await World.Mcp.Api.FindAsync(Kinds.Namespace, ObjectKey.ClusterScoped(ObjectNames.ToolkitNamespace)) is { IsBeingDeleted: false },
            "the namespace is there again");
        await SeesCopyAsync(_ => true);
        await World.ReadyAsync(Ocm);
    }

    [Test]
    public async Task An_existing_Secret_with_the_labels_of_managed_objects_is_adopted()
    {
        await World.NamespaceAsync(World.Mcp, ObjectNames.ToolkitNamespace);
        await World.Mcp.Api.ApplyAsync(Kinds.Secret, new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["namespace"] = Copy.Namespace,
                ["name"] = Copy.Name,
                ["labels"] = new JsonObject
                {
                    [ObjectNames.ManagedByLabel] = Api.Group,
                    [ObjectNames.AppManagedByLabel] = ObjectNames.AppManagedBy,
                },
            },
            ["type"] = Manifests.PullSecretType,
            ["data"] = new JsonObject { [".dockerconfigjson"] = "e30=", ["theirs"] = "e30=" },
        });
        await World.ReadyTenantAsync();
        await SeesCopyAsync(copy => copy.Json.Text("data", ".dockerconfigjson") != "e30=" && copy.Json.At("data", "theirs") is null);
    }

    [Test]
    public async Task An_existing_Secret_of_another_type_is_reported_and_not_modified_until_its_owner_deletes_it()
    {
        await World.NamespaceAsync(World.Mcp, ObjectNames.ToolkitNamespace);
        var theirs = await World.Mcp.Api.ApplyAsync(Kinds.Secret, new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = Copy.Namespace, ["name"] = Copy.Name },
            ["type"] = "Opaque",
            ["stringData"] = new JsonObject { ["theirs"] = "hush-hush" },
        });
        await World.ControlPlaneAsync(Ocm);
        await World.ApplyOcmAsync(Ocm);
        var reported = await World.SeesAsync(Ocm, "ObjectNotManaged");
        var left = await World.Mcp.Api.GetAsync(Kinds.Secret, Copy, default);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(reported.ReadyCondition.Text("message"), Does.Contain($"Secret {Copy}").And.Contain("owner of the control plane must delete"));
            Assert.That(reported.Json.GetRawText(), Does.Not.Contain("hush-hush"));
            Assert.That(left.ResourceVersion, Is.EqualTo(theirs.ResourceVersion));
        }

        await Eventually.Async(
            async () => await World.Platform.Api.FindAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(Ocm)) is not null,
            "the release is there all the same");
        await World.Mcp.Api.DeleteAsync(Kinds.Secret, Copy);
        await World.ApplyOcmAsync(Ocm, operation: "reconcile");
        await World.ReadyAsync(Ocm);
    }

    [Test]
    public async Task A_copy_that_is_no_longer_referenced_is_pruned_and_nothing_else_is([Values] bool isRestarted)
    {
        await World.PullSecretAsync(name: "other");
        await World.ReadyTenantAsync();
        var theirs = new ObjectKey(ObjectNames.ToolkitNamespace, "theirs");
        await World.Mcp.Api.ApplyAsync(Kinds.Secret, new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = theirs.Namespace, ["name"] = theirs.Name },
        });
        await ConfigureAsync("other");
        await PlacedAsync("Secret other");

        if (isRestarted)
        {
            await World.StopControllerAsync();
        }

        await ConfigureAsync();
        if (isRestarted)
        {
            World.StartController();
        }

        await PlacedAsync();
        await ListedAsync();
        await Eventually.Async(
            async () => (await World.Platform.Api.GetAsync(PlatformKinds.AccessRequest, World.AccessRequest(Ocm), default)).Annotations.Count == 0,
            "nothing says any more that there is something");
        Assert.That(await World.Mcp.Api.FindAsync(Kinds.Secret, theirs), Is.Not.Null);
        await World.ReadyAsync(Ocm);
    }

    [Test]
    public async Task A_copy_that_the_installed_release_refers_to_stays_until_Flux_has_upgraded_to_another()
    {
        await World.PullSecretAsync(name: "other");
        await World.ReadyTenantAsync();
        World.Flux.Behaviour = FluxBehaviour.FailHelm;
        await ConfigureAsync("other");
        await Eventually.Async(
            () => World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(Ocm), default),
            release => release.Generation > 1 && release.ReadyCondition.Text("status") == "False"
                && release.ReadyCondition.Number("observedGeneration") == release.Generation,
            "Flux has failed to upgrade");
        Assert.That(await World.PlacedAsync(), Is.EqualTo(["Secret other", $"Secret {Copy.Name}"]));

        World.Flux.Behaviour = FluxBehaviour.Normal;
        await PlacedAsync("Secret other");
        await World.ReadyAsync(Ocm);
    }

    [Test]
    public async Task A_deletion_removes_the_copies_after_Flux_has_uninstalled()
    {
        await World.ReadyTenantAsync();
        World.Flux.Uninstalls.Close();
        await World.DeleteOcmAsync(Ocm);
        await World.SeesAsync(Ocm, "HelmReleaseDeleting");
        Assert.That(await World.PlacedAsync(), Is.Not.Empty, "Flux has not uninstalled yet");

        World.Flux.Uninstalls.Open();
        await World.GoneAsync(Ocm);
        Assert.That(await World.PlacedAsync(), Is.Empty);
        await Eventually.Async(() => World.LeftoversAsync(Ocm), left => left.Count == 0, "nothing is left on the platform");
    }

    [Test]
    public async Task A_deletion_completes_without_a_control_plane_whose_ClusterRequest_is_deleted()
    {
        await World.ReadyTenantAsync();
        await BreakKubeconfigAsync();
        await World.SeesAsync(Ocm, "ControlPlaneUnreachable");
        await World.DeleteOcmAsync(Ocm);
        await World.Platform.Api.DeleteAsync(PlatformKinds.ClusterRequest, new ObjectKey(ProviderWorld.TenantNamespace(Ocm), Ocm.Name));
        await World.GoneAsync(Ocm);
    }

    [Test]
    public async Task An_unreachable_control_plane_does_not_block_the_platform_objects()
    {
        var good = World.McpKubeconfig;
        World.McpKubeconfig = Unreachable(good);
        await World.ControlPlaneAsync(Ocm);
        await World.ApplyOcmAsync(Ocm);
        await World.SeesAsync(Ocm, "ControlPlaneUnreachable");
        await World.EventAsync(Ocm, "ControlPlaneUnreachable");
        await Eventually.Async(
            async () => await World.Platform.Api.FindAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(Ocm)) is not null, "the release is there");
        await World.Platform.Api.DeleteAsync(PlatformKinds.OciRepository, ProviderWorld.FluxKey(Ocm));
        await Eventually.Async(
            async () => await World.Platform.Api.FindAsync(PlatformKinds.OciRepository, ProviderWorld.FluxKey(Ocm)) is { IsBeingDeleted: false },
            "the source is there again");

        World.McpKubeconfig = good;
        await World.ClusterProvider.RenewAsync();
        await World.ReadyAsync(Ocm);
        await PlacedAsync($"Secret {Copy.Name}");
    }

    [Test]
    public async Task A_forbidden_write_to_the_control_plane_is_reported_and_does_not_block_the_HelmRelease()
    {
        World.McpFaults.Answer(HttpStatusCode.Forbidden, "Forbidden", request => request.Method == HttpMethod.Patch);
        await World.ControlPlaneAsync(Ocm);
        await World.ApplyOcmAsync(Ocm);
        await World.SeesAsync(Ocm, "ControlPlaneForbidden");
        await World.EventAsync(Ocm, "ControlPlaneForbidden");
        await ConfigureAsync(ProviderWorld.PullSecretName, replicas: 3);
        await Eventually.Async(
            () => World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(Ocm), default),
            release => release.Json.Number("spec", "values", "manager", "replicas") == 3,
            "the release is updated");

        World.McpFaults.Clear();
        await World.ReadyAsync(Ocm);
        await PlacedAsync($"Secret {Copy.Name}");
    }

    [Test]
    public async Task A_pull_secret_of_the_wrong_type_is_not_copied()
    {
        await World.Platform.Api.DeleteAsync(Kinds.Secret, new ObjectKey(World.PodNamespace, ProviderWorld.PullSecretName));
        await World.PullSecretAsync("hush-hush", type: "Opaque");
        await World.ControlPlaneAsync(Ocm);
        await World.ApplyOcmAsync(Ocm);
        var reported = await World.SeesAsync(Ocm, "ImagePullSecretWrongType");
        Assert.That(reported.Json.GetRawText(), Does.Not.Contain("hush-hush"));
        Assert.That(await World.PlacedAsync(), Is.Empty);
    }

    [Test]
    public async Task An_idle_OCM_sends_no_requests_to_the_control_plane()
    {
        await World.ReadyTenantAsync();
        var mark = World.Mcp.AuditLog.Mark();
        await World.Onboarding.Api.MergePatchAsync(
            Api.Ocm, Ocm, new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["x"] = "y" } } });
        await World.Mcp.Api.MergePatchAsync(
            Kinds.Secret, Copy, new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["x"] = "y" } } });
        await FenceAsync();
        Assert.That(World.Mcp.AuditLog.Since(mark).Where(entry => entry.IsFromProvider()), Is.Empty);
    }

    [Test]
    public async Task Without_objects_for_the_control_plane_there_is_no_connection_to_it()
    {
        await ConfigureAsync();
        var mark = World.Mcp.AuditLog.Mark();
        await World.ReadyTenantAsync();
        await FenceAsync();
        Assert.That(World.Mcp.AuditLog.Since(mark).Where(entry => entry.IsFromProvider()), Is.Empty);
    }

    [Test]
    public async Task A_deletion_lists_Repositories_once()
    {
        await ConfigureAsync();
        await World.ReadyTenantAsync();
        var mark = World.Mcp.AuditLog.Mark();
        await World.DeleteOcmAsync(Ocm);
        await World.GoneAsync(Ocm);
        await Eventually.Async(
            () => World.Mcp.AuditLog.Since(mark).Count(entry => entry.IsFromProvider() && entry.IsList) == 1, "Repositories are listed once");
    }

    // An OCM that is reconciled after the others and has no control plane.
    private async Task FenceAsync()
    {
        var fence = World.Ocm("fence");
        await World.ApplyOcmAsync(fence);
        await World.SeesAsync(fence, "TenantNamespaceMissing");
    }

    private async Task BreakKubeconfigAsync()
    {
        World.McpKubeconfig = Unreachable(World.McpKubeconfig);
        await World.ClusterProvider.RenewAsync();
    }

    private string Unreachable(string kubeconfig) => kubeconfig.Replace(
        World.Mcp.Url.Authority, $"127.0.0.1:{LoopbackPort.Free()}", StringComparison.Ordinal);

    private Task<KubeObject> ConfigureAsync(string? pullSecret = null, int replicas = 1)
    {
        var manager = new JsonObject { ["replicas"] = replicas };
        if (pullSecret is not null)
        {
            manager["imagePullSecrets"] = new JsonArray(new JsonObject { ["name"] = pullSecret });
        }

        return World.ConfigureAsync(new JsonObject { ["pollInterval"] = "1h", ["values"] = new JsonObject { ["manager"] = manager } });
    }

    private Task SeesCopyAsync(Func<KubeObject, bool> condition) => Eventually.Async(
        () => World.Mcp.Api.GetAsync(Kinds.Secret, Copy, default), condition, "the copy is as desired");

    private Task PlacedAsync(params string[] objects) => Eventually.Async(
        World.PlacedAsync, placed => placed.SequenceEqual(objects), $"on the control plane there is [{string.Join(", ", objects)}]");

    private Task ListedAsync(params string[] objects) => Eventually.Async(
        () => World.Onboarding.Api.GetAsync(Api.Ocm, Ocm, default),
        ocm => ocm.Json.Items("status", "resources").Where(entry => entry.Text("location") == "ManagedControlPlane")
            .Select(entry => $"{entry.Text("kind")} {entry.Text("name")}").SequenceEqual(objects),
        $"the status lists [{string.Join(", ", objects)}] on the control plane");
}
