using System.Text.Json;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Peers.Processes;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Peers;

/// <summary>
/// Deployment by the real openmcp-operator: its Job and its Deployment exist on the API server, where no kubelet runs pods. The test runs
/// the built Worker with their arguments, and reports their status.
/// </summary>
[NonParallelizable]
[Needs(Peer.Operator)]
public sealed class OperatorCases : PeerFixture
{
    private static readonly ResourceKind Job = new("batch", "v1", "Job", "jobs", IsNamespaced: true);
    private static readonly ResourceKind Deployment = new("apps", "v1", "Deployment", "deployments", IsNamespaced: true);

    private PeerProcess? _operator;

    [SetUp]
    public async Task Start() => _operator = await Peers.StartOperatorAsync();

    [TearDown]
    public async Task Stop()
    {
        if (_operator is not null)
        {
            await _operator.DisposeAsync();
        }
    }

    [TestCase("ocm.services.openmcp.cloud", false)]
    [TestCase("ocm.services.open-control-plane.io", true)]
    public async Task The_operators_init_and_run_install_an_OCM(string group, bool isSetting)
    {
        var api = new ProviderApi(group);
        await World.ConfigureAsync();
        var spec = new JsonObject { ["runReplicas"] = 2, ["verbosity"] = "DEBUG" };
        if (isSetting)
        {
            spec["initCommand"] = new JsonArray("init", $"--api-group={group}");
            spec["runCommand"] = new JsonArray("run", $"--api-group={group}");
        }

        await ServiceProviderAsync(spec);

        var job = await ContainerOwnerAsync(Job);
        await using (var init = Start(job))
        {
            Assert.That((await init.EndAsync(), string.Join('\n', init.Errors)), Is.EqualTo((0, "")));
        }

        await CompleteAsync(job);
        var deployment = await ContainerOwnerAsync(Deployment);
        Assert.That(Arguments(deployment), Has.Member("--leader-elect=true"));
        await using var run = Start(deployment);
        await AvailableAsync(deployment);
        await Eventually.Async(
            () => World.Platform.Api.GetAsync(PlatformKinds.ServiceProvider, ObjectKey.ClusterScoped(World.ProviderName), default),
            provider => provider.Json.Text("status", "phase") == "Ready"
                && provider.Json.Items("status", "resources").Any(resource => resource.Text("group") == group),
            "the operator reports the ServiceProvider as Ready, with the registered kind",
            LongTimeout);

        if (isSetting)
        {
            await World.Platform.Api.ApplyAsync(api.ProviderConfig, new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = World.ProviderName },
                ["spec"] = new JsonObject { ["chartURL"] = "registry.example.com/charts/toolkit" },
            });
        }

        await World.ControlPlaneAsync(Ocm);
        await World.Onboarding.Api.ApplyAsync(api.Ocm, new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = Ocm.Namespace, ["name"] = Ocm.Name },
            ["spec"] = new JsonObject { ["version"] = "0.3.0" },
        });
        await ReadyAsync(api, Ocm);
    }

    [Test]
    public async Task The_documented_uninstallation_leaves_nothing_of_the_provider()
    {
        await World.ConfigureAsync();
        await ServiceProviderAsync(new JsonObject { ["runReplicas"] = 2 });
        var job = await ContainerOwnerAsync(Job);
        await using (var init = Start(job))
        {
            Assert.That((await init.EndAsync(), string.Join('\n', init.Errors)), Is.EqualTo((0, "")));
        }

        await CompleteAsync(job);
        var deployment = await ContainerOwnerAsync(Deployment);
        await using var run = Start(deployment);
        await AvailableAsync(deployment);
        await World.ReadyTenantAsync();

        await World.DeleteOcmAsync(Ocm);
        await World.GoneAsync(Ocm);
        var provider = ObjectKey.ClusterScoped(World.ProviderName);
        await World.Platform.Api.DeleteAsync(PlatformKinds.ServiceProvider, provider);
        await Eventually.Async(
            async () => await World.Platform.Api.FindAsync(PlatformKinds.ServiceProvider, provider) is null, "the operator finalizes it", LongTimeout);
        await run.TerminateAsync();
        var uninstallation = new Uninstallation(World, World.Api);
        await uninstallation.RunAsync();

        // The operator's own pod stays.
        Assert.That((await uninstallation.LeftAsync()).Where(name => !name.Contains(Peer.Operator, StringComparison.Ordinal)), Is.Empty);
    }

    private Task<KubeObject> ContainerOwnerAsync(ResourceKind kind) => Eventually.Async(
        async () => (await World.Platform.Api.ListAllAsync(kind))
            .FirstOrDefault(owner => Arguments(owner).Contains($"--provider-name={World.ProviderName}")),
        found => found is not null,
        $"the operator creates a {kind.Kind}",
        LongTimeout)!;

    private static IReadOnlyList<string> Arguments(KubeObject owner) =>
        [.. Container(owner).Items("args").Select(argument => argument.GetString()!)];

    private static JsonElement Container(KubeObject owner) => owner.Json.Items("spec", "template", "spec", "containers").First();

    // With the arguments and variables of the container; the fields of a pod are those of the test.
    private WorkerProcess Start(KubeObject owner)
    {
        var environment = new Dictionary<string, string?> { ["KUBECONFIG"] = World.KubeconfigFile(World.Platform) };
        foreach (var variable in Container(owner).Items("env"))
        {
            environment[variable.Text("name")!] = variable.Text("value") ?? variable.Text("valueFrom", "fieldRef", "fieldPath") switch
            {
                "metadata.namespace" => World.PodNamespace,
                "status.podIP" => "127.0.0.1",
                _ => "sp-ocm",
            };
        }

        // Access to the onboarding cluster is granted in this namespace.
        environment["POD_NAMESPACE"] = World.PodNamespace;
        return WorkerProcess.Start(Arguments(owner), environment);
    }

    private Task CompleteAsync(KubeObject job)
    {
        var now = Timestamp();
        return World.Platform.Api.UpdateStatusAsync(Job, job.Key, new JsonObject
        {
            ["startTime"] = now,
            ["completionTime"] = now,
            ["succeeded"] = 1,
            ["conditions"] = new JsonArray(Condition("SuccessCriteriaMet", now), Condition("Complete", now)),
        });
    }

    private Task AvailableAsync(KubeObject deployment)
    {
        var replicas = deployment.Json.Number("spec", "replicas") ?? 1;
        return World.Platform.Api.UpdateStatusAsync(Deployment, deployment.Key, new JsonObject
        {
            ["observedGeneration"] = deployment.Generation,
            ["replicas"] = replicas,
            ["updatedReplicas"] = replicas,
            ["readyReplicas"] = replicas,
            ["availableReplicas"] = replicas,
            ["conditions"] = new JsonArray(Condition("Available", Timestamp())),
        });
    }

    private static JsonObject Condition(string type, string now) => new()
    {
        ["type"] = type,
        ["status"] = "True",
        ["reason"] = "Test",
        ["message"] = "Reported by the test",
        ["lastTransitionTime"] = now,
    };

    private static string Timestamp() =>
        TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
