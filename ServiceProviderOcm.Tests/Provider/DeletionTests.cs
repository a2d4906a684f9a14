using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Client;
using ServiceProviderOcm.Core.Objects;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Provider;

[Category("RealServer")]
[TestFixtureSource(typeof(ApiGroups), nameof(ApiGroups.All))]
public sealed class DeletionTests(ProviderApi api)
{
    private ProviderWorld _world = null!;
    private ObjectKey _ocm;

    [SetUp]
    public async Task Start()
    {
        _world = await ProviderWorld.CreateAsync(api);
        _ocm = _world.Ocm();
        await _world.PullSecretAsync();
        await _world.ConfigureAsync(new JsonObject { ["imagePullSecret"] = new JsonObject { ["name"] = ProviderWorld.PullSecretName } });
        _world.StartController();
    }

    [TearDown]
    public async Task Stop()
    {
        if (_world is not null)
        {
            await _world.DisposeAsync();
        }
    }

    [Test]
    public async Task Leaves_nothing_behind_and_lets_Flux_uninstall_first()
    {
        await _world.ReadyTenantAsync();
        _world.Flux.Uninstalls.Close();
        await _world.DeleteOcmAsync(_ocm);
        var ocm = await _world.SeesAsync(_ocm, "HelmReleaseDeleting");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ocm.Json.Text("status", "phase"), Is.EqualTo("Terminating"));
            Assert.That(await _world.LeftoversAsync(_ocm), Has.Count.EqualTo(5), "everything Flux needs is still there");
        }

        _world.Flux.Uninstalls.Open();
        await CleanlyGoneAsync();
        Assert.That(_world.Flux.Uninstalled.Select(release => release.Namespace), Does.Contain(ProviderWorld.TenantNamespace(_ocm)));
    }

    [Test]
    public async Task Waits_for_the_users_Repositories()
    {
        await _world.ReadyTenantAsync();
        await RepositoryAsync("one");
        await RepositoryAsync("two");
        await _world.DeleteOcmAsync(_ocm);
        var held = await _world.SeesAsync(_ocm, "RepositoriesExist");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ProviderWorld.Ready(held, "message"), Does.StartWith("2 Repository").And.Contain("default/one, default/two"));
            Assert.That(await _world.LeftoversAsync(_ocm), Has.Count.EqualTo(5));
        }

        await _world.EventAsync(_ocm, "RepositoriesExist");
        await _world.Mcp.Api.DeleteAsync(Kinds.Repository, new ObjectKey("default", "one"));
        await Eventually.Async(
            () => _world.Onboarding.Api.GetAsync(_world.Api.Ocm, _ocm, default),
            ocm => ProviderWorld.Ready(ocm, "message")!.StartsWith("1 Repository", StringComparison.Ordinal),
            "the count goes down");
        await _world.Mcp.Api.DeleteAsync(Kinds.Repository, new ObjectKey("default", "two"));
        await CleanlyGoneAsync();
    }

    [Test]
    public async Task Takes_a_control_plane_without_the_kind_for_one_without_Repositories()
    {
        await _world.ReadyTenantAsync();
        await _world.Mcp.Api.DeleteAsync(
            new ResourceKind("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", IsNamespaced: false),
            ObjectKey.ClusterScoped(Kinds.Repository.QualifiedPlural));
        await Eventually.Async(async () => !await IsServedAsync(), "the kind is gone");
        await _world.DeleteOcmAsync(_ocm);
        await CleanlyGoneAsync();
    }

    [Test]
    public async Task Says_what_is_wrong_with_a_kubeconfig_and_goes_on_with_the_next()
    {
        await _world.ReadyTenantAsync();
        var good = _world.McpKubeconfig;
        _world.McpKubeconfig = good.Replace("token:", "tokenFile:", StringComparison.Ordinal);
        await _world.ClusterProvider.RenewAsync();
        await _world.DeleteOcmAsync(_ocm);
        var held = await _world.SeesAsync(_ocm, "ControlPlaneUnreachable");
        Assert.That(ProviderWorld.Ready(held, "message"), Does.Contain("tokenFile").And.Not.Contain(_world.Mcp.AdminToken));

        _world.McpKubeconfig = good;
        await _world.ClusterProvider.RenewAsync();
        await CleanlyGoneAsync();
    }

    [Test]
    public async Task Follows_a_renewed_token_while_it_waits()
    {
        await _world.ReadyTenantAsync();
        await RepositoryAsync("one");
        await _world.DeleteOcmAsync(_ocm);
        await _world.SeesAsync(_ocm, "RepositoriesExist");

        var good = _world.McpKubeconfig;
        _world.McpKubeconfig = _world.Mcp.Kubeconfig(TestUsers.Nobody);
        await _world.ClusterProvider.RenewAsync();
        await _world.SeesAsync(_ocm, "ControlPlaneUnreachable");
        _world.McpKubeconfig = good;
        await _world.ClusterProvider.RenewAsync();
        await _world.SeesAsync(_ocm, "RepositoriesExist");
        await _world.Mcp.Api.DeleteAsync(Kinds.Repository, new ObjectKey("default", "one"));
        await CleanlyGoneAsync();
    }

    [Test]
    public async Task Is_not_held_up_by_a_control_plane_that_is_gone_for_good()
    {
        await _world.ReadyTenantAsync();
        await RepositoryAsync("one");
        await _world.Platform.Api.DeleteAsync(Kinds.Secret, ClusterProviderStandIn.SecretOf(_world.AccessRequest(_ocm)));
        await _world.DeleteOcmAsync(_ocm);
        await _world.SeesAsync(_ocm, "ControlPlaneUnreachable");
        await _world.Platform.Api.DeleteAsync(Kinds.ClusterRequest, new ObjectKey(ProviderWorld.TenantNamespace(_ocm), _ocm.Name));
        await CleanlyGoneAsync();
    }

    [Test]
    public async Task Needs_neither_ProviderConfig_nor_pull_secret()
    {
        await _world.ReadyTenantAsync();
        await _world.Platform.Api.DeleteAsync(_world.Api.ProviderConfig, ObjectKey.ClusterScoped(ProviderWorld.ProviderName));
        await _world.Platform.Api.DeleteAsync(Kinds.Secret, new ObjectKey(ProviderWorld.PodNamespace, ProviderWorld.PullSecretName));
        await _world.DeleteOcmAsync(_ocm);
        await CleanlyGoneAsync();
    }

    [Test]
    public async Task Of_an_OCM_that_never_got_anywhere()
    {
        await _world.ApplyOcmAsync(_ocm);
        await _world.SeesAsync(_ocm, "TenantNamespaceMissing");
        await _world.DeleteOcmAsync(_ocm);
        await _world.GoneAsync(_ocm);
    }

    [Test]
    public async Task Of_an_OCM_whose_access_is_pending()
    {
        _world.ClusterProvider.Behaviour = ClusterProviderBehaviour.Ignore;
        await _world.ControlPlaneAsync(_ocm);
        await _world.ApplyOcmAsync(_ocm);
        await _world.SeesAsync(_ocm, "AccessRequestPending");
        await _world.DeleteOcmAsync(_ocm);
        await CleanlyGoneAsync();
    }

    [Test]
    public async Task Of_an_OCM_whose_release_does_not_get_ready()
    {
        _world.Flux.Behaviour = FluxBehaviour.FailHelm;
        await _world.ControlPlaneAsync(_ocm);
        await _world.ApplyOcmAsync(_ocm);
        await _world.SeesAsync(_ocm, "HelmReleaseFailed");
        await _world.DeleteOcmAsync(_ocm);
        await CleanlyGoneAsync();
    }

    [Test]
    public async Task Waits_for_an_ignored_OCM_to_be_released()
    {
        await _world.ReadyTenantAsync();
        await _world.ApplyOcmAsync(_ocm, operation: "ignore");
        await _world.DeleteOcmAsync(_ocm);
        await _world.ReadyTenantAsync("fence");
        Assert.That(await _world.LeftoversAsync(_ocm), Has.Count.EqualTo(5));
        await _world.Onboarding.Api.MergePatchAsync(
            _world.Api.Ocm, _ocm, new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = null } });
        await CleanlyGoneAsync();
    }

    private async Task CleanlyGoneAsync()
    {
        await _world.GoneAsync(_ocm);
        await Eventually.Async(() => _world.LeftoversAsync(_ocm), left => left.Count == 0, "nothing is left");
    }

    private Task<KubeObject> RepositoryAsync(string name) => _world.Mcp.Api.ApplyAsync(Kinds.Repository, new JsonObject
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
            await _world.Mcp.Api.ListAllAsync(Kinds.Repository);
            return true;
        }
        catch (KubernetesApiException missing) when (missing.IsNotFound)
        {
            return false;
        }
    }
}
