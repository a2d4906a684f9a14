using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
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

    private readonly List<WorkerProcess> _pods = [];

    private Uninstallation Uninstallation => new(World, Api);

    [SetUp]
    public async Task Deploy()
    {
        await World.Platform.InstallCrdsAsync("serviceproviders");
        await World.Platform.Api.ApplyAsync(PlatformKinds.ServiceProvider, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = World.ProviderName },
            ["spec"] = new JsonObject { ["image"] = "registry.example.com/service-provider-ocm:1.0.0" },
        });

        // The ServiceAccounts sp-ocm-init and sp-ocm are cluster-admin on the platform cluster.
        await World.Platform.GrantAsync(World.User, "cluster-admin", [Everything()]);
        await InitAsync("INFO");
        await World.ConfigureAsync();
    }

    [TearDown]
    public async Task Stop()
    {
        foreach (var pod in _pods)
        {
            await pod.DisposeAsync();
        }

        _pods.Clear();
    }

    [Test]
    public async Task Two_replicas_with_the_arguments_of_the_operator_install_an_OCM()
    {
        var leader = Run("sp-ocm-1-a", "INFO");
        await leader.LogsAsync("Acquired Lease");
        var standby = Run("sp-ocm-1-b", "INFO");
        await standby.LogsAsync("Waiting for Lease");

        await World.ReadyTenantAsync();

        Assert.That((await leader.UrlAsync("metrics")).Scheme, Is.EqualTo("http"));
        Assert.That(leader.Output.Concat(standby.Output).Where(line => line.Contains("\"level\":\"error\"", StringComparison.Ordinal)), Is.Empty);
        Assert.That(leader.Errors.Concat(standby.Errors), Is.Empty);
    }

    [Test]
    public async Task A_change_runs_init_again_and_a_rolling_update_during_which_OCMs_stay_Ready()
    {
        WorkerProcess[] before = [Run("sp-ocm-1-a", "INFO"), Run("sp-ocm-1-b", "INFO")];
        var ocm = await World.ReadyTenantAsync();
        var (ready, release) = (await ReadyConditionAsync(ocm), await ReleaseAsync(ocm));
        var versions = await VersionsAsync();

        await InitAsync("DEBUG");
        Assert.That(await VersionsAsync(), Is.EqualTo(versions), "init writes only what differs");
        var after = new List<WorkerProcess>();
        foreach (var old in before)
        {
            // As a Deployment does it by default: one more pod than wanted, and none less.
            after.Add(Run($"sp-ocm-2-{after.Count}", "DEBUG"));
            await after[^1].LogsAsync("Waiting for Lease");
            Assert.That(await old.TerminateAsync(), Is.Zero);
        }

        await World.ReadyTenantAsync("mcp-02");
        Assert.That((await LeaseAsync()).Json.Text("spec", "holderIdentity"), Does.StartWith("sp-ocm-2-"));
        Assert.That(await ReadyConditionAsync(ocm), Is.EqualTo(ready));
        Assert.That((await ReleaseAsync(ocm)).Generation, Is.EqualTo(release.Generation));
        Assert.That(before.Concat(after).SelectMany(pod => pod.Errors), Is.Empty);
    }

    [Test]
    public async Task Pods_end_cleanly_after_the_operator_has_removed_their_permissions()
    {
        var pod = Run("sp-ocm-1-a", "INFO");
        await World.ReadyTenantAsync();

        await RevokeAsync();

        Assert.That(await pod.TerminateAsync(), Is.Zero);
        Assert.That(pod.Errors, Is.Empty);
        Assert.That((await LeaseAsync()).Json.Text("spec", "holderIdentity"), Does.StartWith("sp-ocm-1-a"), "the Lease cannot be released");
    }

    [Test]
    public async Task Uninstallation_as_documented_leaves_nothing_of_the_provider()
    {
        var pod = Run("sp-ocm-1-a", "INFO");
        var ocm = await World.ReadyTenantAsync();
        await CreateAsync("service", "clusterip", "sp-ocm-metrics", "--tcp=8443");
        await CreateAsync("role", "sp-ocm-init", "--verb=get", "--resource=pods");
        await CreateAsync("rolebinding", "sp-ocm-init", "--role=sp-ocm-init", "--serviceaccount=default:sp-ocm-init");

        await World.DeleteOcmAsync(ocm);
        await World.GoneAsync(ocm);
        await World.Platform.Api.DeleteAsync(PlatformKinds.ServiceProvider, ObjectKey.ClusterScoped(World.ProviderName));
        await RevokeAsync();
        Assert.That(await pod.TerminateAsync(), Is.Zero);
        Assert.That(await Uninstallation.LeftAsync(), Is.Not.Empty);

        await Uninstallation.RunAsync();

        Assert.That(await Uninstallation.LeftAsync(), Is.Empty);
        Assert.That(
            await World.Platform.Api.FindAsync(Kinds.CustomResourceDefinition, ObjectKey.ClusterScoped(Api.ProviderConfig.QualifiedPlural)), Is.Null);
    }

    // What the operator leaves.
    private Task CreateAsync(params string[] arguments) => Uninstallation.KubectlAsync(["create", "--namespace", World.PodNamespace, .. arguments]);

    private async Task InitAsync(string verbosity)
    {
        await using var job = WorkerProcess.Start(
            ["init", $"--api-group={World.Api.Group}", .. Common(verbosity)], Variables("sp-ocm-init-x", "sp-ocm-init"));
        Assert.That((await job.EndAsync(), string.Join('\n', job.Errors)), Is.EqualTo((0, "")));
    }

    // The operator's address is :8080, which each pod has for itself, and the processes of tests do not.
    private WorkerProcess Run(string name, string verbosity)
    {
        var pod = WorkerProcess.Start(
            [
                "run", $"--api-group={World.Api.Group}", .. Common(verbosity),
                "--leader-elect=true", "--metrics-bind-address=127.0.0.1:0", "--metrics-secure=false",
            ],
            Variables(name, "sp-ocm"));
        _pods.Add(pod);
        return pod;
    }

    private string[] Common(string verbosity) =>
        ["--environment=default", $"--verbosity={verbosity}", $"--provider-name={World.ProviderName}"];

    private Dictionary<string, string?> Variables(string pod, string serviceAccount) => new()
    {
        ["POD_NAME"] = pod,
        ["POD_NAMESPACE"] = World.PodNamespace,
        ["POD_IP"] = "127.0.0.1",
        ["POD_SERVICE_ACCOUNT_NAME"] = serviceAccount,
        ["KUBECONFIG"] = World.KubeconfigFile(World.Platform, World.User),
    };

    private static JsonObject Everything() => new()
    {
        ["apiGroups"] = new JsonArray("*"),
        ["resources"] = new JsonArray("*"),
        ["verbs"] = new JsonArray("*"),
    };

    // Of all that init writes.
    private async Task<IReadOnlyList<string?>> VersionsAsync()
    {
        KubeObject[] written =
        [
            await World.Platform.Api.GetAsync(Kinds.CustomResourceDefinition, ObjectKey.ClusterScoped(Api.ProviderConfig.QualifiedPlural), default),
            await World.Onboarding.Api.GetAsync(Kinds.CustomResourceDefinition, ObjectKey.ClusterScoped(Api.Ocm.QualifiedPlural), default),
            await World.Platform.Api.GetAsync(PlatformKinds.ServiceProvider, ObjectKey.ClusterScoped(World.ProviderName), default),
        ];
        return [.. written.Select(item => item.ResourceVersion)];
    }

    private Task<KubeObject> LeaseAsync() => World.Platform.Api.GetAsync(Kinds.Lease, World.Identity.Lease, default);

    private Task<KubeObject> ReleaseAsync(ObjectKey ocm) =>
        World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(ocm), default);

    private async Task<string> ReadyConditionAsync(ObjectKey ocm) =>
        (await World.Onboarding.Api.GetAsync(World.Api.Ocm, ocm, default)).Condition("Ready").GetRawText();

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
