using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>
/// Deployment as openmcp-operator 1.3 does it: a Job with <c>init</c> on every change of the ServiceProvider, and then a rolling update of a
/// Deployment with <c>run</c>, with its arguments, variables and permissions. The pods are processes.
/// </summary>
[Category("Worker")]
public sealed class OperatorTests() : SharedServersFixture(withDefinitions: false)
{
    private static readonly ResourceKind ClusterRoleBinding =
        new("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", IsNamespaced: false);

    private static readonly ResourceKind RoleBinding = new("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings");

    private OperatorStandIn _operator = null!;

    private Uninstallation Uninstallation => new(World, Api);

    [SetUp]
    public async Task Start() => _operator = await OperatorStandIn.StartAsync(World);

    [TearDown]
    public async Task Stop()
    {
        if (_operator is not null)
        {
            await _operator.DisposeAsync();
        }
    }

    [Test]
    public Task Each_kind_of_change_runs_init_again_and_a_rolling_update_during_which_OCMs_stay_Ready() =>
        new OperatorScenario(World, _operator).RunAsync();

    [Test]
    public async Task A_setting_that_init_rejects_leaves_the_old_pods_running()
    {
        await DeployAsync();

        var update = await _operator.ApplyAsync(Spec(new JsonObject { ["name"] = "ServiceProvider__Workers", ["value"] = "0" }));

        Assert.That((update.InitCode, string.Join('\n', update.Init.Errors)), Is.EqualTo((2, "--workers 0 is out of range: 1 to 1000.")));
        await World.ReadyTenantAsync();
        Assert.That(_operator.Pods.Running.Single().Process.HasExited, Is.False);
    }

    [Test]
    public async Task Pods_end_cleanly_after_the_operator_has_removed_their_permissions()
    {
        var pod = await DeployAsync();
        await World.ReadyTenantAsync();

        await RevokeAsync();

        Assert.That(await pod.Process.TerminateAsync(), Is.Zero);
        Assert.That(pod.Process.Errors, Is.Empty);
        Assert.That((await LeaseAsync()).Json.Text("spec", "holderIdentity"), Does.StartWith($"{pod.Name}_"), "the Lease cannot be released");
    }

    [Test]
    public async Task Uninstallation_as_documented_leaves_nothing_of_the_provider()
    {
        var pod = await DeployAsync();
        var ocm = await World.ReadyTenantAsync();
        await CreateAsync("service", "clusterip", "sp-ocm-metrics", "--tcp=8443");
        await CreateAsync("role", "sp-ocm-init", "--verb=get", "--resource=secrets");
        await CreateAsync("rolebinding", "sp-ocm-init", "--role=sp-ocm-init", "--serviceaccount=default:sp-ocm-init");

        await World.DeleteOcmAsync(ocm);
        await World.GoneAsync(ocm);
        await World.Platform.Api.DeleteAsync(PlatformKinds.ServiceProvider, _operator.Key);
        await RevokeAsync();
        Assert.That(await pod.Process.TerminateAsync(), Is.Zero);
        Assert.That(await Uninstallation.LeftAsync(), Is.Not.Empty);

        await Uninstallation.RunAsync();

        Assert.That(await Uninstallation.LeftAsync(), Is.Empty);
        Assert.That(
            await World.Platform.Api.FindAsync(Kinds.CustomResourceDefinition, ObjectKey.ClusterScoped(Api.ProviderConfig.QualifiedPlural)), Is.Null);
    }

    // One pod, with a Lease as one of two has.
    private async Task<ProviderPod> DeployAsync()
    {
        Assert.That((await _operator.ApplyAsync(Spec())).InitCode, Is.Zero);
        await World.ConfigureAsync();
        return _operator.Pods.Running.Single();
    }

    private JsonObject Spec(params IEnumerable<JsonObject> env) => new()
    {
        ["image"] = "registry.example.com/service-provider-ocm:1.0.0",
        ["initCommand"] = new JsonArray("init", $"--api-group={Api.Group}"),
        ["runCommand"] = new JsonArray("run", $"--api-group={Api.Group}", "--leader-elect"),
        ["env"] = new JsonArray([.. env]),
    };

    // What the operator leaves.
    private Task CreateAsync(params string[] arguments) => Uninstallation.KubectlAsync(["create", "--namespace", World.PodNamespace, .. arguments]);

    private Task<KubeObject> LeaseAsync() => World.Platform.Api.GetAsync(Kinds.Lease, World.Identity.Lease, default);

    private async Task RevokeAsync()
    {
        foreach (var kind in (ResourceKind[])[ClusterRoleBinding, RoleBinding])
        {
            foreach (var binding in await World.Platform.Api.ListAllAsync(kind))
            {
                if (binding.Json.Items("subjects").Any(subject => subject.Text("name") == World.User))
                {
                    await World.Platform.Api.DeleteAsync(kind, binding.Key);
                }
            }
        }
    }
}
