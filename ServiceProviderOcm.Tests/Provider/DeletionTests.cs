using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

public sealed class DeletionTests : ProviderFixture
{
    [SetUp]
    public async Task Start()
    {
        await World.PullSecretAsync();
        await World.ConfigureAsync(new JsonObject { ["imagePullSecret"] = new JsonObject { ["name"] = ProviderWorld.PullSecretName } });
        World.StartController();
    }

    [Test]
    public async Task A_deletion_waits_for_Flux_to_uninstall_and_leaves_nothing_behind()
    {
        await World.ReadyTenantAsync();
        World.Flux.Uninstalls.Close();
        await World.DeleteOcmAsync(Ocm);
        var ocm = await World.SeesAsync(Ocm, "HelmReleaseDeleting");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ocm.Json.Text("status", "phase"), Is.EqualTo("Terminating"));
            Assert.That(await World.LeftoversAsync(Ocm), Has.Count.EqualTo(5), "everything Flux needs is still there");
        }

        World.Flux.Uninstalls.Open();
        await CleanlyGoneAsync();
        Assert.That(World.Flux.Uninstalled.Select(release => release.Namespace), Does.Contain(ProviderWorld.TenantNamespace(Ocm)));
    }

    [Test]
    public async Task A_deletion_waits_for_Repositories()
    {
        await World.ReadyTenantAsync();
        await RepositoryAsync("one");
        await RepositoryAsync("two");
        await World.DeleteOcmAsync(Ocm);
        var held = await World.SeesAsync(Ocm, "RepositoriesExist");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ProviderWorld.Ready(held, "message"), Does.StartWith("2 Repository").And.Contain("default/one, default/two"));
            Assert.That(await World.LeftoversAsync(Ocm), Has.Count.EqualTo(5));
        }

        await World.EventAsync(Ocm, "RepositoriesExist");
        await World.Mcp.Api.DeleteAsync(PlatformKinds.Repository, new ObjectKey("default", "one"));
        await Eventually.Async(
            () => World.Onboarding.Api.GetAsync(Api.Ocm, Ocm, default),
            ocm => ProviderWorld.Ready(ocm, "message")!.StartsWith("1 Repository", StringComparison.Ordinal),
            "the count goes down");
        await World.Mcp.Api.DeleteAsync(PlatformKinds.Repository, new ObjectKey("default", "two"));
        await CleanlyGoneAsync();
    }

    [Test]
    public async Task A_deletion_continues_when_the_control_plane_does_not_serve_Repositories()
    {
        await World.ReadyTenantAsync();
        await World.Mcp.Api.DeleteAsync(
            new ResourceKind("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", IsNamespaced: false),
            ObjectKey.ClusterScoped(PlatformKinds.Repository.QualifiedPlural));
        await Eventually.Async(async () => !await IsServedAsync(), "the kind is gone");
        await World.DeleteOcmAsync(Ocm);
        await CleanlyGoneAsync();
    }

    [Test]
    public async Task A_deletion_reports_an_invalid_kubeconfig_and_continues_with_a_valid_one()
    {
        await World.ReadyTenantAsync();
        var good = World.McpKubeconfig;
        World.McpKubeconfig = good.Replace("token:", "tokenFile:", StringComparison.Ordinal);
        await World.ClusterProvider.RenewAsync();
        await World.DeleteOcmAsync(Ocm);
        var held = await World.SeesAsync(Ocm, "ControlPlaneUnreachable");
        Assert.That(ProviderWorld.Ready(held, "message"), Does.Contain("tokenFile").And.Not.Contain(World.Mcp.AdminToken));

        World.McpKubeconfig = good;
        await World.ClusterProvider.RenewAsync();
        await CleanlyGoneAsync();
    }

    [Test]
    public async Task A_deletion_uses_a_renewed_token_while_it_waits()
    {
        await World.ReadyTenantAsync();
        await RepositoryAsync("one");
        await World.DeleteOcmAsync(Ocm);
        await World.SeesAsync(Ocm, "RepositoriesExist");

        var good = World.McpKubeconfig;
        World.McpKubeconfig = World.Mcp.Kubeconfig(TestUsers.Nobody);
        await World.ClusterProvider.RenewAsync();
        await World.SeesAsync(Ocm, "ControlPlaneUnreachable");
        World.McpKubeconfig = good;
        await World.ClusterProvider.RenewAsync();
        await World.SeesAsync(Ocm, "RepositoriesExist");
        await World.Mcp.Api.DeleteAsync(PlatformKinds.Repository, new ObjectKey("default", "one"));
        await CleanlyGoneAsync();
    }

    [Test]
    public async Task A_deletion_is_not_blocked_by_Repositories_of_a_control_plane_whose_ClusterRequest_is_deleted()
    {
        await World.ReadyTenantAsync();
        await RepositoryAsync("one");
        await World.Platform.Api.DeleteAsync(Kinds.Secret, ClusterProviderStandIn.SecretOf(World.AccessRequest(Ocm)));
        await World.DeleteOcmAsync(Ocm);
        await World.SeesAsync(Ocm, "ControlPlaneUnreachable");
        await World.Platform.Api.DeleteAsync(PlatformKinds.ClusterRequest, new ObjectKey(ProviderWorld.TenantNamespace(Ocm), Ocm.Name));
        await CleanlyGoneAsync();
    }

    [Test]
    public async Task A_deletion_needs_neither_ProviderConfig_nor_pull_secret()
    {
        await World.ReadyTenantAsync();
        await World.Platform.Api.DeleteAsync(Api.ProviderConfig, ObjectKey.ClusterScoped(World.ProviderName));
        await World.Platform.Api.DeleteAsync(Kinds.Secret, new ObjectKey(World.PodNamespace, ProviderWorld.PullSecretName));
        await World.DeleteOcmAsync(Ocm);
        await CleanlyGoneAsync();
    }

    [Test]
    public async Task An_OCM_without_tenant_namespace_is_deleted()
    {
        await World.ApplyOcmAsync(Ocm);
        await World.SeesAsync(Ocm, "TenantNamespaceMissing");
        await World.DeleteOcmAsync(Ocm);
        await World.GoneAsync(Ocm);
    }

    [Test]
    public async Task An_OCM_whose_access_is_pending_is_deleted()
    {
        World.ClusterProvider.Behaviour = ClusterProviderBehaviour.Ignore;
        await World.ControlPlaneAsync(Ocm);
        await World.ApplyOcmAsync(Ocm);
        await World.SeesAsync(Ocm, "AccessRequestPending");
        await World.DeleteOcmAsync(Ocm);
        await CleanlyGoneAsync();
    }

    [Test]
    public async Task An_OCM_whose_HelmRelease_failed_is_deleted()
    {
        World.Flux.Behaviour = FluxBehaviour.FailHelm;
        await World.ControlPlaneAsync(Ocm);
        await World.ApplyOcmAsync(Ocm);
        await World.SeesAsync(Ocm, "HelmReleaseFailed");
        await World.DeleteOcmAsync(Ocm);
        await CleanlyGoneAsync();
    }

    [Test]
    public async Task A_deletion_of_an_ignored_OCM_waits_until_the_annotation_is_removed()
    {
        await World.ReadyTenantAsync();
        await World.ApplyOcmAsync(Ocm, operation: "ignore");
        await World.DeleteOcmAsync(Ocm);
        await World.ReadyTenantAsync("fence");
        Assert.That(await World.LeftoversAsync(Ocm), Has.Count.EqualTo(5));
        await World.Onboarding.Api.MergePatchAsync(
            Api.Ocm, Ocm, new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = null } });
        await CleanlyGoneAsync();
    }

    private async Task CleanlyGoneAsync()
    {
        await World.GoneAsync(Ocm);
        await Eventually.Async(() => World.LeftoversAsync(Ocm), left => left.Count == 0, "nothing is left");
    }

    private Task<KubeObject> RepositoryAsync(string name) => World.Mcp.Api.ApplyAsync(PlatformKinds.Repository, new JsonObject
    {
        ["metadata"] = new JsonObject { ["namespace"] = "default", ["name"] = name },
        ["spec"] = new JsonObject
        {
            ["interval"] = "1m",
            ["repositorySpec"] = new JsonObject { ["type"] = "OCIRegistry", ["baseUrl"] = "r.example.com" },
        },
    });

    private async Task<bool> IsServedAsync()
    {
        try
        {
            await World.Mcp.Api.ListAllAsync(PlatformKinds.Repository);
            return true;
        }
        catch (KubernetesApiException missing) when (missing.IsNotFound)
        {
            return false;
        }
    }
}
