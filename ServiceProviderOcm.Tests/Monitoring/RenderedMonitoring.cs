using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Deploy;

namespace ServiceProviderOcm.Tests.Monitoring;

/// <summary>Rules and dashboard, as an overlay of the base with <c>deploy/monitoring</c> has them.</summary>
/// <param name="Spec">The spec of the PrometheusRule, which is what Prometheus reads from a file of rules.</param>
/// <param name="Dashboard">The dashboard.</param>
/// <param name="DashboardLabels">The labels of its ConfigMap.</param>
internal sealed partial record RenderedMonitoring(JsonElement Spec, JsonElement Dashboard, IReadOnlyDictionary<string, string> DashboardLabels)
{
    /// <summary>The alerts.</summary>
    public IEnumerable<JsonElement> Alerts => Spec.Items("groups").SelectMany(group => group.Items("rules"));

    /// <summary>The titles and queries of the panels.</summary>
    public IEnumerable<(string Panel, string Query)> Queries =>
        from panel in Dashboard.Items("panels")
        from target in panel.Items("targets")
        select (panel.Text("title")!, target.Text("expr")!);

    /// <summary>Renders them.</summary>
    public static async Task<RenderedMonitoring> ReadAsync()
    {
        using var overlay = new Overlay("resources: [BASE]\ncomponents: [MONITORING]");
        var rendered = await Kustomize.RenderAsync(overlay.Folder);
        var dashboard = Of(rendered, "ConfigMap");
        return new RenderedMonitoring(
            Of(rendered, "PrometheusRule").Json.At("spec")!.Value,
            JsonReading.Parse(dashboard.Json.TextMap("data").Single().Value),
            dashboard.Labels);
    }

    /// <summary>The names of the metrics in a query.</summary>
    public static IEnumerable<string> Metrics(string query) => Selector().Matches(query).Select(match => match.Groups[1].Value).Distinct();

    private static KubeObject Of(IEnumerable<JsonObject> rendered, string kind) =>
        KubeObject.From(rendered.Single(item => item["kind"]!.GetValue<string>() == kind));

    [GeneratedRegex("([a-z_]+)\\{")]
    private static partial Regex Selector();
}
