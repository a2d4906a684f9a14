using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Provider;

[TestFixtureSource(typeof(ApiGroups), nameof(ApiGroups.All))]
public sealed class DeletionTests(ProviderApi api) : ProviderFixture(api)
{
    [SetUp]
    public async Task Start()
    {
        await World.PullSecretAsync();
        await World.ConfigureAsync(new JsonObject { ["imagePullSecret"] = new JsonObject { ["name"] = ProviderWorld.PullSecretName } });
        World.StartController();
    }

    [Test]
    public async Task Leaves_nothing_behind_and_lets_Flux_uninstall_first()
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
    public async Task Waits_for_the_users_Repositories()
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
        await World.Mcp.Api.DeleteAsync(Kinds.Repository, new ObjectKey("default", "one"));
        await Eventually.Async(
            () => World.Onboarding.Api.GetAsync(Api.Ocm, Ocm, default),
            ocm => ProviderWorld.Ready(ocm, "message")!.StartsWith("1 Repository", StringComparison.Ordinal),
            "the count goes down");
        await World.Mcp.Api.DeleteAsync(Kinds.Repository, new ObjectKey("default", "two"));
        await CleanlyGoneAsync();
    }

    [Test]
    public async Task Takes_a_control_plane_without_the_kind_for_one_without_Repositories()
    {
        await World.ReadyTenantAsync();
        await World.Mcp.Api.DeleteAsync(
            new ResourceKind("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", IsNamespaced: false),
            ObjectKey.ClusterScoped(Kinds.Repository.QualifiedPlural));
        await Eventually.Async(async () => !await IsServedAsync(), "the kind is gone");
        await World.DeleteOcmAsync(Ocm);
        await CleanlyGoneAsync();
    }

    [Test]
    public async Task Says_what_is_wrong_with_a_kubeconfig_and_goes_on_with_the_next()
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
    public async Task Follows_a_renewed_token_while_it_waits()
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
        await World.Mcp.Api.DeleteAsync(Kinds.Repository, new ObjectKey("default", "one"));
        await CleanlyGoneAsync();
    }

    [Test]
    public async Task Is_not_held_up_by_a_control_plane_that_is_gone_for_good()
    {
        await World.ReadyTenantAsync();
        await RepositoryAsync("one");
        await World.Platform.Api.DeleteAsync(Kinds.Secret, ClusterProviderStandIn.SecretOf(World.AccessRequest(Ocm)));
        await World.DeleteOcmAsync(Ocm);
        await World.SeesAsync(Ocm, "ControlPlaneUnreachable");
        await World.Platform.Api.DeleteAsync(Kinds.ClusterRequest, new ObjectKey(ProviderWorld.TenantNamespace(Ocm), Ocm.Name));
        await CleanlyGoneAsync();
    }

    [Test]
    public async Task Needs_neither_ProviderConfig_nor_pull_secret()
    {
        await World.ReadyTenantAsync();
        await World.Platform.Api.DeleteAsync(Api.ProviderConfig, ObjectKey.ClusterScoped(ProviderWorld.ProviderName));
        await World.Platform.Api.DeleteAsync(Kinds.Secret, new ObjectKey(ProviderWorld.PodNamespace, ProviderWorld.PullSecretName));
        await World.DeleteOcmAsync(Ocm);
        await CleanlyGoneAsync();
    }

    [Test]
    public async Task Of_an_OCM_that_never_got_anywhere()
    {
        await World.ApplyOcmAsync(Ocm);
        await World.SeesAsync(Ocm, "TenantNamespaceMissing");
        await World.DeleteOcmAsync(Ocm);
        await World.GoneAsync(Ocm);
    }

    [Test]
    public async Task Of_an_OCM_whose_access_is_pending()
    {
        World.ClusterProvider.Behaviour = ClusterProviderBehaviour.Ignore;
        await World.ControlPlaneAsync(Ocm);
        await World.ApplyOcmAsync(Ocm);
        await World.SeesAsync(Ocm, "AccessRequestPending");
        await World.DeleteOcmAsync(Ocm);
        await CleanlyGoneAsync();
    }

    [Test]
    public async Task Of_an_OCM_whose_release_does_not_get_ready()
    {
        World.Flux.Behaviour = FluxBehaviour.FailHelm;
        await World.ControlPlaneAsync(Ocm);
        await World.ApplyOcmAsync(Ocm);
        await World.SeesAsync(Ocm, "HelmReleaseFailed");
        await World.DeleteOcmAsync(Ocm);
        await CleanlyGoneAsync();
    }

    [Test]
    public async Task Waits_for_an_ignored_OCM_to_be_released()
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

    private Task<KubeObject> RepositoryAsync(string name) => World.Mcp.Api.ApplyAsync(Kinds.Repository, new JsonObject
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
            await World.Mcp.Api.ListAllAsync(Kinds.Repository);
            return true;
        }
        catch (KubernetesApiException missing) when (missing.IsNotFound)
        {
            return false;
        }
    }
}
