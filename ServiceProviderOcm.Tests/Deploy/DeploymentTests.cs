using System.Text.Json;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Worker.CommandLine;

namespace ServiceProviderOcm.Tests.Deploy;

public sealed class DeploymentTests
{
    // How long the controller drains, in seconds.
    private const int Drain = 10;

    private static readonly string[] Probes = ["startupProbe", "livenessProbe", "readinessProbe"];

    private KubeObject _deployment = null!;

    [OneTimeSetUp]
    public async Task Render() => _deployment = await Kustomize.DeploymentAsync("deploy/base");

    [TestCase("securityContext.runAsNonRoot", "true")]
    [TestCase("securityContext.seccompProfile.type", "RuntimeDefault")]
    [TestCase("serviceAccountName", "service-provider-ocm")]
    [TestCase("priorityClassName", "service-provider-ocm")]
    [TestCase("hostNetwork", null)]
    [TestCase("hostPID", null)]
    [TestCase("hostIPC", null)]
    [TestCase("volumes", null)]
    public void The_pod_is_restricted(string field, string? value) => Assert.That(At(PodSpec.Of(_deployment), field), Is.EqualTo(value));

    [TestCase("securityContext.allowPrivilegeEscalation", "false")]
    [TestCase("securityContext.readOnlyRootFilesystem", "true")]
    [TestCase("securityContext.capabilities.drop", """["ALL"]""")]
    [TestCase("securityContext.capabilities.add", null)]
    [TestCase("securityContext.privileged", null)]
    [TestCase("securityContext.runAsUser", null)]
    [TestCase("securityContext.seccompProfile", null)]
    public void Each_container_is_restricted(string field, string? value) =>
        Assert.That(PodSpec.Containers(_deployment).Select(container => At(container, field)), Is.All.EqualTo(value));

    [Test]
    public void Each_container_has_resource_limits_and_the_variables_of_its_pod()
    {
        foreach (var container in PodSpec.Containers(_deployment))
        {
            Assert.That(At(container, "resources.requests.memory"), Is.Not.Null);
            Assert.That(At(container, "resources.requests.cpu"), Is.Not.Null);
            Assert.That(At(container, "resources.limits.memory"), Is.Not.Null);
            Assert.That(
                container.Items("env").Select(variable => (variable.Text("name"), At(variable, "valueFrom.fieldRef.fieldPath"))),
                Is.EquivalentTo([
                    ("POD_NAME", "metadata.name"),
                    ("POD_NAMESPACE", "metadata.namespace"),
                    ("POD_IP", "status.podIP"),
                    ("POD_SERVICE_ACCOUNT_NAME", "spec.serviceAccountName"),
                ]));
        }
    }

    [Test]
    public void Probes_and_metrics_go_to_the_ports_that_the_flags_name()
    {
        var run = PodSpec.Containers(_deployment).Single(container => container.Text("name") == "run");
        var ports = run.Items("ports").ToDictionary(port => port.Text("name")!, port => port.Number("containerPort"));

        Assert.That(PodSpec.Arguments(run), Has.Member($"--health-probe-bind-address=:{ports["health"]}"));
        Assert.That(PodSpec.Arguments(run), Has.Member($"--metrics-bind-address=:{ports["metrics"]}"));
        Assert.That(
            Probes.Select(probe => (At(run, $"{probe}.httpGet.port"), At(run, $"{probe}.httpGet.path"))),
            Is.EqualTo([("health", "/healthz"), ("health", "/healthz"), ("health", "/readyz")]));
    }

    [Test]
    public void The_deployment_elects_a_leader_and_its_grace_period_allows_for_draining()
    {
        Assert.That(_deployment.Json.Number("spec", "replicas"), Is.GreaterThan(1));
        Assert.That(PodSpec.Containers(_deployment).SelectMany(PodSpec.Arguments), Has.Member("--leader-elect=true"));
        Assert.That(PodSpec.Of(_deployment).Number("terminationGracePeriodSeconds"), Is.GreaterThan(Drain));
    }

    [Test]
    public void The_replicas_are_spread_over_nodes_and_zones()
    {
        var pod = PodSpec.Of(_deployment);
        JsonElement[] spreads =
        [
            .. pod.Items("affinity", "podAntiAffinity", "preferredDuringSchedulingIgnoredDuringExecution")
                .Select(term => term.At("podAffinityTerm")!.Value),
            .. pod.Items("topologySpreadConstraints"),
        ];
        var labels = _deployment.Json.At("spec", "template", "metadata", "labels")!.Value.EnumerateObject()
            .ToDictionary(label => label.Name, label => label.Value.GetString());

        Assert.That(spreads.Select(spread => spread.Text("topologyKey")), Is.EqualTo(["kubernetes.io/hostname", "topology.kubernetes.io/zone"]));
        foreach (var label in spreads.SelectMany(spread => spread.At("labelSelector", "matchLabels")!.Value.EnumerateObject()))
        {
            Assert.That(labels, Does.ContainKey(label.Name).WithValue(label.Value.GetString()));
        }
    }

    [TestCase("deploy/base")]
    [TestCase("deploy/open-control-plane")]
    [TestCase("deploy/overlays/small")]
    [TestCase("deploy/overlays/large")]
    public async Task The_command_line_is_one_that_the_program_accepts(string folder)
    {
        var deployment = await Kustomize.DeploymentAsync(folder);
        foreach (var container in PodSpec.Containers(deployment))
        {
            Assert.That(ProviderCommand.Create().Parse([.. PodSpec.Arguments(container)]).Errors, Is.Empty);
        }
    }

    [TestCase("deploy/base")]
    [TestCase("deploy/open-control-plane")]
    [TestCase("deploy/overlays/small")]
    [TestCase("deploy/overlays/large")]
    [Category("RealServer")]
    public async Task A_server_accepts_every_object(string folder)
    {
        var platform = (await TestClusters.GetAsync()).Platform;
        var rendered = (await Kustomize.RenderAsync(folder)).ToLookup(item => item["kind"]!.GetValue<string>() == "CustomResourceDefinition");
        await platform.InstallCrdsAsync(rendered[true]);
        await platform.Api.ApplyAsync(Kinds.Namespace, KubeObject.Parse(
            """{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "openmcp-system"}}"""), isForced: true, CancellationToken.None);
        foreach (var manifest in rendered[false].Select(KubeObject.From))
        {
            var kind = KindOf(manifest);
            var applied = await ApplyAsync(platform, kind, manifest);
            Assert.That(applied.Uid, Is.Not.Empty, manifest.Name);
            await platform.Api.DeleteAsync(kind, manifest.Key);
        }
    }

    [Test]
    public async Task The_disruption_budget_keeps_one_replica_and_no_node_for_an_unready_one()
    {
        var spec = (await BudgetAsync()).Json.At("spec")!.Value;

        Assert.That((spec.Number("minAvailable"), spec.Text("unhealthyPodEvictionPolicy")), Is.EqualTo((1, "AlwaysAllow")));
    }

    [Test]
    [Category("RealServer")]
    public async Task The_disruption_budget_is_accepted_in_its_own_version()
    {
        var platform = (await TestClusters.GetAsync()).Platform;
        var budget = await BudgetAsync();
        var kind = KindOf(budget);
        await platform.Api.ApplyAsync(Kinds.Namespace, KubeObject.Parse(
            """{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "openmcp-system"}}"""), isForced: true, CancellationToken.None);
        try
        {
            var applied = await platform.Api.ApplyAsync(kind, budget, isForced: true, CancellationToken.None);
            Assert.That((applied.Json.Text("apiVersion"), applied.Json.Number("spec", "minAvailable")), Is.EqualTo(("policy/v1", 1)));
            await platform.Api.DeleteAsync(kind, budget.Key);
        }
        catch (KubernetesApiException missing) when (missing.IsNotFound)
        {
            Assert.Ignore("This API server does not serve policy/v1.");
        }
    }

    private static async Task<KubeObject> BudgetAsync() => KubeObject.From(
        (await Kustomize.RenderAsync("deploy/base")).Single(item => item["kind"]!.GetValue<string>() == "PodDisruptionBudget"));

    // Kubernetes 1.20 has PodDisruptionBudgets as v1beta1, without the policy.
    private static async Task<KubeObject> ApplyAsync(TestCluster cluster, ResourceKind kind, KubeObject manifest)
    {
        try
        {
            return await cluster.Api.ApplyAsync(kind, manifest, isForced: true, CancellationToken.None);
        }
        catch (KubernetesApiException missing) when (missing.IsNotFound && kind is { Group: "policy", Version: "v1" })
        {
            var older = JsonSerializer.SerializeToNode(manifest.Json)!.AsObject();
            older["spec"]!.AsObject().Remove("unhealthyPodEvictionPolicy");
            return await cluster.Api.ApplyAsync(kind with { Version = "v1beta1" }, older);
        }
    }

    private static ResourceKind KindOf(KubeObject manifest)
    {
        var apiVersion = manifest.Json.Text("apiVersion")!.Split('/');
        var kind = manifest.Json.Text("kind")!;
        return new ResourceKind(
            apiVersion.Length == 1 ? "" : apiVersion[0], apiVersion[^1], kind, Plural(kind.ToLowerInvariant()), manifest.Namespace.Length > 0);
    }

    private static string Plural(string kind) => kind switch
    {
        [.., 'y'] => $"{kind[..^1]}ies",
        [.., 's'] => $"{kind}es",
        _ => $"{kind}s",
    };

    private static string? At(JsonElement json, string path) => json.At(path.Split('.')) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { } value => value.GetRawText(),
        null => null,
    };
}
