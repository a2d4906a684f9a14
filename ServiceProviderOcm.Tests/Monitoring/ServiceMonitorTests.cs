using System.Text.Json;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Deploy;

namespace ServiceProviderOcm.Tests.Monitoring;

/// <summary>What Prometheus scrapes, how, and as which job: that of the alerts and the dashboard.</summary>
public sealed class ServiceMonitorTests
{
    private const string OfOperator = "deploy/openmcp-operator/monitoring";

    // As openmcp-operator makes it for ServiceProvider ocm, by its source. The metrics are served without TLS.
    private static readonly KubeObject OperatorService = KubeObject.Parse("""
        {
          "metadata": {
            "name": "sp-ocm-metrics",
            "namespace": "openmcp-system",
            "labels": {
              "app.kubernetes.io/managed-by": "openmcp-operator",
              "app.kubernetes.io/name": "ServiceProvider",
              "app.kubernetes.io/instance": "ocm",
              "app.kubernetes.io/component": "controller"
            }
          },
          "spec": { "ports": [{ "name": "metrics-http", "port": 8080, "targetPort": "metrics-http" }] }
        }
        """);

    [Test]
    public async Task The_Service_of_the_base_is_scraped_over_TLS_with_a_token()
    {
        using var overlay = new Overlay("namespace: openmcp-system\nresources: [BASE]\ncomponents: [MONITORING]");
        var rendered = await Kustomize.RenderAsync(overlay.Folder);
        var service = Of(rendered, "Service");
        var deployment = Of(rendered, "Deployment");
        var monitor = Of(rendered, "ServiceMonitor");

        var endpoint = EndpointOf(monitor, service);
        Assert.That(endpoint.Text("scheme"), Is.EqualTo("https"));
        Assert.That(endpoint.Text("bearerTokenFile"), Is.Not.Null);
        Assert.That(service.Labels[monitor.Json.Text("spec", "jobLabel")!], Is.EqualTo(PrometheusServer.Job));
        Assert.That(service.Json.TextMap("spec", "selector"), Is.SubsetOf(deployment.Json.TextMap("spec", "template", "metadata", "labels")));
        Assert.That(
            PodSpec.Containers(deployment).SelectMany(container => container.Items("ports")).Select(open => open.Text("name")),
            Has.Member(service.Json.Items("spec", "ports").Single().Text("targetPort")));
    }

    [Test]
    public async Task The_Service_of_the_operator_is_scraped_over_HTTP_without_a_token()
    {
        var monitor = Of(await Kustomize.RenderAsync(OfOperator), "ServiceMonitor");

        var endpoint = EndpointOf(monitor, OperatorService);
        Assert.That(endpoint.EnumerateObject().Select(field => field.Name), Is.EquivalentTo(["port", "path", "relabelings"]));
        var relabeling = endpoint.Items("relabelings").Single();
        Assert.That((relabeling.Text("targetLabel"), relabeling.Text("replacement")), Is.EqualTo(("job", PrometheusServer.Job)));
        Assert.That(monitor.Json.At("spec", "jobLabel"), Is.Null);
    }

    [Test]
    public async Task Alerts_and_dashboard_are_the_same_with_the_operator_and_no_other_objects_are_needed()
    {
        var rendered = await Kustomize.RenderAsync(OfOperator);
        var monitoring = await RenderedMonitoring.ReadAsync();

        Assert.That(rendered.Select(item => KubeObject.From(item).Namespace), Is.All.EqualTo(OperatorService.Namespace));
        Assert.That(rendered.Select(Kind), Is.EquivalentTo(["ConfigMap", "PrometheusRule", "ServiceMonitor"]));
        Assert.That(Of(rendered, "PrometheusRule").Json.At("spec")!.Value.GetRawText(), Is.EqualTo(monitoring.Spec.GetRawText()));
        Assert.That(
            JsonReading.Parse(Of(rendered, "ConfigMap").Json.TextMap("data").Single().Value).GetRawText(),
            Is.EqualTo(monitoring.Dashboard.GetRawText()));
    }

    // Of the Service that the monitor selects in its namespace.
    private static JsonElement EndpointOf(KubeObject monitor, KubeObject service)
    {
        Assert.That(monitor.Namespace, Is.EqualTo(service.Namespace));
        Assert.That(monitor.Json.TextMap("spec", "selector", "matchLabels"), Is.Not.Empty.And.SubsetOf(service.Labels));
        var endpoint = monitor.Json.Items("spec", "endpoints").Single();
        Assert.That(endpoint.Text("port"), Is.EqualTo(service.Json.Items("spec", "ports").Single().Text("name")));
        return endpoint;
    }

    private static KubeObject Of(IEnumerable<JsonObject> rendered, string kind) => KubeObject.From(rendered.Single(item => Kind(item) == kind));

    private static string Kind(JsonObject item) => item["kind"]!.GetValue<string>();
}
