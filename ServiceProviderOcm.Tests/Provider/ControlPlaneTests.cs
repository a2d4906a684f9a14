using System.Net;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Objects;
using ServiceProviderOcm.Core.Planning;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>Image pull secrets for the toolkit's own pods get to the control plane, stay right there, and go again.</summary>
[Category("RealServer")]
[TestFixtureSource(typeof(ApiGroups), nameof(ApiGroups.All))]
public sealed class ControlPlaneTests(ProviderApi api)
{
    private static readonly ObjectKey Copy = new(Manifests.ToolkitNamespace, ProviderWorld.PullSecretName);

    private ProviderWorld _world = null!;
    private ObjectKey _ocm;

    [SetUp]
    public async Task Start()
    {
        _world = await ProviderWorld.CreateAsync(api);
        _ocm = _world.Ocm();
        await _world.PullSecretAsync();
        await ConfigureAsync(ProviderWorld.PullSecretName);
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
    public async Task A_copy_arrives_with_its_namespace_and_is_listed()
    {
        await _world.ReadyTenantAsync();
        var source = await _world.Platform.Api.GetAsync(Kinds.Secret, new ObjectKey(ProviderWorld.PodNamespace, ProviderWorld.PullSecretName), default);
        var copy = await _world.Mcp.Api.GetAsync(Kinds.Secret, Copy, default);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(copy.Json.Text("type"), Is.EqualTo(Manifests.PullSecretType));
            Assert.That(copy.Json.At("data")!.Value.GetRawText(), Is.EqualTo(source.Json.At("data")!.Value.GetRawText()));
            Assert.That(copy.Labels[Manifests.ManagedByLabel], Is.EqualTo(api.Group));
        }

        await ListedAsync($"Secret {Copy.Name}");
    }

    [Test]
    public async Task A_rotated_Secret_arrives_also_if_its_type_is_another()
    {
        await _world.ReadyTenantAsync();
        var rotated = await _world.PullSecretAsync("second");
        await SeesCopyAsync(copy => copy.Json.Text("data", ".dockerconfigjson") == rotated.Json.Text("data", ".dockerconfigjson"));

        var key = new ObjectKey(ProviderWorld.PodNamespace, ProviderWorld.PullSecretName);
        await _world.Platform.Api.DeleteAsync(Kinds.Secret, key);
        await _world.SeesAsync(_ocm, "ImagePullSecretMissing");
        await _world.Platform.Api.ApplyAsync(Kinds.Secret, new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = key.Namespace, ["name"] = key.Name },
            ["type"] = Manifests.LegacyPullSecretType,
            ["data"] = new JsonObject { [".dockercfg"] = "e30=" },
        });
        await SeesCopyAsync(copy => copy.Json.Text("type") == Manifests.LegacyPullSecretType && copy.Json.Text("data", ".dockercfg") == "e30=");
        await _world.ReadyAsync(_ocm);
    }

    [TestCase("""{"data":{".dockerconfigjson":"e30="}}""", TestName = "{m}(changed)")]
    [TestCase("""{"data":{"extra":"e30="}}""", TestName = "{m}(extended)")]
    [TestCase("""{"metadata":{"labels":null}}""", TestName = "{m}(disowned)")]
    public async Task An_edit_is_put_right(string edit)
    {
        await _world.ReadyTenantAsync();
        var before = await _world.Mcp.Api.GetAsync(Kinds.Secret, Copy, default);
        await _world.Mcp.Api.MergePatchAsync(Kinds.Secret, Copy, JsonNode.Parse(edit)!.AsObject());
        await SeesCopyAsync(copy => copy.Json.At("data")!.Value.GetRawText() == before.Json.At("data")!.Value.GetRawText()
            && copy.Labels.GetValueOrDefault(Manifests.ManagedByLabel) == api.Group);
    }

    [Test]
    public async Task A_deleted_copy_is_there_again_and_so_is_its_namespace()
    {
        await _world.ReadyTenantAsync();
        await _world.Mcp.Api.DeleteAsync(Kinds.Secret, Copy);
        await SeesCopyAsync(_ => true);
        await _world.Mcp.RemoveNamespaceAsync(Manifests.ToolkitNamespace);
        await _world.Mcp.Api.DeleteAsync(Kinds.Secret, Copy);
        await Eventually.Async(
            async () => await _world.Mcp.Api.FindAsync(Kinds.Namespace, ObjectKey.ClusterScoped(Manifests.ToolkitNamespace)) is { IsBeingDeleted: false },
            "the namespace is there again");
        await SeesCopyAsync(_ => true);
        await _world.ReadyAsync(_ocm);
    }

    [Test]
    public async Task A_Secret_of_somebody_else_is_taken_over()
    {
        await _world.NamespaceAsync(_world.Mcp, Manifests.ToolkitNamespace);
        await _world.Mcp.Api.ApplyAsync(Kinds.Secret, new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = Copy.Namespace, ["name"] = Copy.Name },
            ["type"] = Manifests.PullSecretType,
            ["data"] = new JsonObject { [".dockerconfigjson"] = "e30=", ["theirs"] = "e30=" },
        });
        await _world.ReadyTenantAsync();
        await SeesCopyAsync(copy => copy.Json.Text("data", ".dockerconfigjson") != "e30=" && copy.Json.At("data", "theirs") is null);
    }

    [Test]
    public async Task A_Secret_of_somebody_else_and_of_another_type_is_reported_and_left_alone_until_its_owner_deletes_it()
    {
        await _world.NamespaceAsync(_world.Mcp, Manifests.ToolkitNamespace);
        var theirs = await _world.Mcp.Api.ApplyAsync(Kinds.Secret, new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = Copy.Namespace, ["name"] = Copy.Name },
            ["type"] = "Opaque",
            ["stringData"] = new JsonObject { ["theirs"] = "hush-hush" },
        });
        await _world.ControlPlaneAsync(_ocm);
        await _world.ApplyOcmAsync(_ocm);
        var fault = await _world.SeesAsync(_ocm, "ControlPlaneRejected");
        var left = await _world.Mcp.Api.GetAsync(Kinds.Secret, Copy, default);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(fault.ReadyCondition.Text("message"), Does.Contain($"Secret {Copy}").And.Contain("type").And.Contain("delete it"));
            Assert.That(fault.Json.GetRawText(), Does.Not.Contain("hush-hush"));
            Assert.That(left.ResourceVersion, Is.EqualTo(theirs.ResourceVersion));
        }

        await Eventually.Async(
            async () => await _world.Platform.Api.FindAsync(Kinds.HelmRelease, ProviderWorld.FluxKey(_ocm)) is not null,
            "the release is there all the same");
        await _world.Mcp.Api.DeleteAsync(Kinds.Secret, Copy);
        await _world.ApplyOcmAsync(_ocm, operation: "reconcile");
        await _world.ReadyAsync(_ocm);
    }

    [Test]
    public async Task A_copy_goes_when_it_is_no_longer_referred_to_and_nothing_else_does([Values] bool isRestarted)
    {
        await _world.PullSecretAsync(name: "other");
        await _world.ReadyTenantAsync();
        var theirs = new ObjectKey(Manifests.ToolkitNamespace, "theirs");
        await _world.Mcp.Api.ApplyAsync(Kinds.Secret, new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = theirs.Namespace, ["name"] = theirs.Name },
        });
        await ConfigureAsync("other");
        await PlacedAsync("Secret other");

        if (isRestarted)
        {
            await _world.StopControllerAsync();
        }

        await ConfigureAsync();
        if (isRestarted)
        {
            _world.StartController();
        }

        await PlacedAsync();
        await ListedAsync();
        await Eventually.Async(
            async () => (await _world.Platform.Api.GetAsync(Kinds.AccessRequest, _world.AccessRequest(_ocm), default)).Annotations.Count == 0,
            "nothing says any more that there is something");
        Assert.That(await _world.Mcp.Api.FindAsync(Kinds.Secret, theirs), Is.Not.Null);
        await _world.ReadyAsync(_ocm);
    }

    [Test]
    public async Task A_deletion_leaves_nothing_behind_on_the_control_plane_either()
    {
        await _world.ReadyTenantAsync();
        _world.Flux.Uninstalls.Close();
        await _world.DeleteOcmAsync(_ocm);
        await _world.SeesAsync(_ocm, "HelmReleaseDeleting");
        Assert.That(await _world.PlacedAsync(), Is.Not.Empty, "Flux has not uninstalled yet");

        _world.Flux.Uninstalls.Open();
        await _world.GoneAsync(_ocm);
        Assert.That(await _world.PlacedAsync(), Is.Empty);
        await Eventually.Async(() => _world.LeftoversAsync(_ocm), left => left.Count == 0, "nothing is left on the platform");
    }

    [Test]
    public async Task A_deletion_does_without_a_control_plane_that_is_gone_for_good()
    {
        await _world.ReadyTenantAsync();
        await BreakKubeconfigAsync();
        await _world.SeesAsync(_ocm, "ControlPlaneUnreachable");
        await _world.DeleteOcmAsync(_ocm);
        await _world.Platform.Api.DeleteAsync(Kinds.ClusterRequest, new ObjectKey(ProviderWorld.TenantNamespace(_ocm), _ocm.Name));
        await _world.GoneAsync(_ocm);
    }

    [Test]
    public async Task An_unreachable_control_plane_holds_up_nothing_on_the_platform()
    {
        var good = _world.McpKubeconfig;
        _world.McpKubeconfig = Unreachable(good);
        await _world.ControlPlaneAsync(_ocm);
        await _world.ApplyOcmAsync(_ocm);
        await _world.SeesAsync(_ocm, "ControlPlaneUnreachable");
        await _world.EventAsync(_ocm, "ControlPlaneUnreachable");
        await Eventually.Async(
            async () => await _world.Platform.Api.FindAsync(Kinds.HelmRelease, ProviderWorld.FluxKey(_ocm)) is not null, "the release is there");
        await _world.Platform.Api.DeleteAsync(Kinds.OciRepository, ProviderWorld.FluxKey(_ocm));
        await Eventually.Async(
            async () => await _world.Platform.Api.FindAsync(Kinds.OciRepository, ProviderWorld.FluxKey(_ocm)) is { IsBeingDeleted: false },
            "the source is there again");

        _world.McpKubeconfig = good;
        await _world.ClusterProvider.RenewAsync();
        await _world.ReadyAsync(_ocm);
        await PlacedAsync($"Secret {Copy.Name}");
    }

    [Test]
    public async Task A_control_plane_that_refuses_is_reported_and_does_not_keep_the_release_from_being_updated()
    {
        _world.McpFaults.Answer(HttpStatusCode.Forbidden, "Forbidden", request => request.Method == HttpMethod.Patch);
        await _world.ControlPlaneAsync(_ocm);
        await _world.ApplyOcmAsync(_ocm);
        await _world.SeesAsync(_ocm, "ControlPlaneForbidden");
        await _world.EventAsync(_ocm, "ControlPlaneForbidden");
        await ConfigureAsync(ProviderWorld.PullSecretName, replicas: 3);
        await Eventually.Async(
            () => _world.Platform.Api.GetAsync(Kinds.HelmRelease, ProviderWorld.FluxKey(_ocm), default),
            release => release.Json.Number("spec", "values", "manager", "replicas") == 3,
            "the release is updated");

        _world.McpFaults.Clear();
        await _world.ReadyAsync(_ocm);
        await PlacedAsync($"Secret {Copy.Name}");
    }

    [Test]
    public async Task A_Secret_that_images_cannot_be_pulled_with_is_not_passed_on()
    {
        await _world.Platform.Api.DeleteAsync(Kinds.Secret, new ObjectKey(ProviderWorld.PodNamespace, ProviderWorld.PullSecretName));
        await _world.PullSecretAsync("hush-hush", type: "Opaque");
        await _world.ControlPlaneAsync(_ocm);
        await _world.ApplyOcmAsync(_ocm);
        var fault = await _world.SeesAsync(_ocm, "ImagePullSecretWrongType");
        Assert.That(fault.Json.GetRawText(), Does.Not.Contain("hush-hush"));
        Assert.That(await _world.PlacedAsync(), Is.Empty);
    }

    [Test]
    public async Task At_rest_the_control_plane_is_not_bothered()
    {
        await _world.ReadyTenantAsync();
        var mark = _world.Mcp.AuditLog.Mark();
        await _world.Onboarding.Api.MergePatchAsync(
            _world.Api.Ocm, _ocm, new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["x"] = "y" } } });
        await _world.Mcp.Api.MergePatchAsync(
            Kinds.Secret, Copy, new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["x"] = "y" } } });
        await FenceAsync();
        Assert.That(_world.Mcp.AuditLog.Since(mark).Where(entry => entry.IsOurs()), Is.Empty);
    }

    [Test]
    public async Task Where_nothing_is_wanted_there_is_no_connection()
    {
        await ConfigureAsync();
        var mark = _world.Mcp.AuditLog.Mark();
        await _world.ReadyTenantAsync();
        await FenceAsync();
        Assert.That(_world.Mcp.AuditLog.Since(mark).Where(entry => entry.IsOurs()), Is.Empty);
    }

    [Test]
    public async Task A_deletion_asks_for_Repositories_once()
    {
        await ConfigureAsync();
        await _world.ReadyTenantAsync();
        var mark = _world.Mcp.AuditLog.Mark();
        await _world.DeleteOcmAsync(_ocm);
        await _world.GoneAsync(_ocm);
        await Eventually.Async(
            () => _world.Mcp.AuditLog.Since(mark).Count(entry => entry.IsOurs() && entry.Verb == "list") == 1, "it was asked once");
    }

    // Whoever is looked at after the others has been has no control plane that could be bothered.
    private async Task FenceAsync()
    {
        var fence = _world.Ocm("fence");
        await _world.ApplyOcmAsync(fence);
        await _world.SeesAsync(fence, "TenantNamespaceMissing");
    }

    private async Task BreakKubeconfigAsync()
    {
        _world.McpKubeconfig = Unreachable(_world.McpKubeconfig);
        await _world.ClusterProvider.RenewAsync();
    }

    private string Unreachable(string kubeconfig) => kubeconfig.Replace(
        _world.Mcp.Url.Authority, $"127.0.0.1:{LoopbackPort.Free()}", StringComparison.Ordinal);

    private Task<KubeObject> ConfigureAsync(string? pullSecret = null, int replicas = 1)
    {
        var manager = new JsonObject { ["replicas"] = replicas };
        if (pullSecret is not null)
        {
            manager["imagePullSecrets"] = new JsonArray(new JsonObject { ["name"] = pullSecret });
        }

        return _world.ConfigureAsync(new JsonObject { ["pollInterval"] = "1h", ["values"] = new JsonObject { ["manager"] = manager } });
    }

    private Task SeesCopyAsync(Func<KubeObject, bool> condition) => Eventually.Async(
        () => _world.Mcp.Api.GetAsync(Kinds.Secret, Copy, default), condition, "the copy is as it should be");

    private Task PlacedAsync(params string[] objects) => Eventually.Async(
        _world.PlacedAsync, placed => placed.SequenceEqual(objects), $"on the control plane there is [{string.Join(", ", objects)}]");

    private Task ListedAsync(params string[] objects) => Eventually.Async(
        () => _world.Onboarding.Api.GetAsync(_world.Api.Ocm, _ocm, default),
        ocm => ocm.Json.Items("status", "resources").Where(entry => entry.Text("location") == "ManagedControlPlane")
            .Select(entry => $"{entry.Text("kind")} {entry.Text("name")}").SequenceEqual(objects),
        $"the status lists [{string.Join(", ", objects)}] on the control plane");
}
