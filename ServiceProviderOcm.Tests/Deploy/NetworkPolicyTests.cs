using System.Text.Json;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Deploy;

public sealed class NetworkPolicyTests
{
    private static readonly string[] Both = ["Ingress", "Egress"];

    // DNS by the ports of its Service, of OpenShift's pods and of Gardener's; API servers.
    private static readonly string[] Always =
        ["UDP 53", "TCP 53", "UDP 5353", "TCP 5353", "UDP 8053", "TCP 8053", "TCP 443", "TCP 6443"];

    [Test]
    public async Task The_policy_is_for_the_pods_of_the_Deployment_in_both_directions()
    {
        var (policy, deployment) = await RenderAsync("resources: [BASE]");

        Assert.That(
            policy.Json.TextMap("spec", "podSelector", "matchLabels"),
            Is.Not.Empty.And.SubsetOf(deployment.Json.TextMap("spec", "template", "metadata", "labels")));
        Assert.That(policy.Json.Items("spec", "policyTypes").Select(type => type.GetString()), Is.EquivalentTo(Both));
    }

    [Test]
    public async Task Only_the_ports_of_health_probes_and_metrics_accept_connections()
    {
        var (policy, deployment) = await RenderAsync("resources: [BASE]");
        var open = PodSpec.Containers(deployment).SelectMany(container => container.Items("ports")).Select(port => port.Text("name"));

        Assert.That(policy.Json.Items("spec", "ingress").SelectMany(Ports).Select(port => port.Port), Is.EquivalentTo(open));
    }

    [Test]
    public async Task Metrics_are_only_for_pods_and_the_pod_may_connect_to_any_address()
    {
        var (policy, _) = await RenderAsync("resources: [BASE]");
        var metrics = policy.Json.Items("spec", "ingress").Single(rule => Ports(rule).Any(port => port.Port == "metrics"));

        Assert.That(metrics.Items("from").Select(from => from.GetRawText()), Is.EqualTo(["{\"namespaceSelector\":{}}"]));
        Assert.That(policy.Json.Items("spec", "egress").Where(rule => rule.At("to") is not null), Is.Empty);
    }

    [TestCase("resources: [BASE]")]
    [TestCase("resources: [BASE]\ncomponents: [OTLP]", "TCP 4317", "TCP 4318")]
    public async Task The_pod_can_resolve_names_and_reach_API_servers_and_where_configured_a_collector(
        string overlay, params string[] ofCollector)
    {
        var (policy, _) = await RenderAsync(overlay);

        Assert.That(
            policy.Json.Items("spec", "egress").SelectMany(Ports).Select(port => $"{port.Protocol} {port.Port}"),
            Is.EquivalentTo([.. Always, .. ofCollector]));
    }

    [Test]
    public async Task With_a_collector_the_controller_knows_its_endpoint_and_a_port_that_the_policy_allows()
    {
        var (policy, deployment) = await RenderAsync("resources: [BASE]\ncomponents: [OTLP]");
        var run = PodSpec.Containers(deployment).Single(container => container.Text("name") == "run");
        var endpoint = run.Items("env").Single(variable => variable.Text("name") == "OTEL_EXPORTER_OTLP_ENDPOINT").Text("value")!;

        Assert.That(policy.Json.Items("spec", "egress").SelectMany(Ports).Select(port => port.Port), Has.Member($"{new Uri(endpoint).Port}"));
    }

    private static async Task<(KubeObject Policy, KubeObject Deployment)> RenderAsync(string content)
    {
        using var overlay = new Overlay(content);
        var rendered = (await Kustomize.RenderAsync(overlay.Folder)).Select(KubeObject.From).ToList();
        return (
            rendered.Single(item => item.Json.Text("kind") == "NetworkPolicy"),
            rendered.Single(item => item.Json.Text("kind") == "Deployment"));
    }

    private static IEnumerable<(string? Protocol, string Port)> Ports(JsonElement rule) =>
        rule.Items("ports").Select(port => (port.Text("protocol"), port.At("port")!.Value.ToString()));
}
