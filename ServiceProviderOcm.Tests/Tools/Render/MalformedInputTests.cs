using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Yaml;
using ServiceProviderOcm.Core.Tools.Diff;
using ServiceProviderOcm.Core.Tools.Render;
using ServiceProviderOcm.Tests.Builders;
using ServiceProviderOcm.Tests.Support.Certificates;

namespace ServiceProviderOcm.Tests.Tools.Render;

/// <summary>Input that no API server would accept, since a field has another shape than it should have, is rendered or rejected.</summary>
public sealed class MalformedInputTests
{
    private static readonly string[] Shapes = ["null", "true", "7", "\"x\"", "[]", "{}", "[null]", "[[]]", "[{}]", "{\"x\":[]}"];

    private static readonly Dictionary<string, JsonObject> Inputs = new[]
    {
        Input(
            $$"""
            {
              "apiVersion": "{{An.Identity.Api.Ocm.ApiVersion}}", "kind": "OCM",
              "metadata": {
                "name": "alpha", "namespace": "project-team", "labels": { "a": "b" }, "generation": 1,
                "annotations": { "openmcp.cloud/operation": "reconcile" }, "finalizers": ["example.com/theirs"]
              },
              "spec": { "version": "0.4.0" },
              "status": { "observedGeneration": 1, "conditions": [{ "type": "Ready", "status": "True" }], "resources": [{ "kind": "Secret" }] }
            }
            """),
        Input(
            $$"""
            {
              "apiVersion": "{{An.Identity.Api.ProviderConfig.ApiVersion}}", "kind": "ProviderConfig",
              "metadata": { "name": "ocm", "annotations": { "openmcp.cloud/operation": "reconcile" } },
              "spec": {
                "pollInterval": "1h",
                "imagePullSecret": { "name": "registry" },
                "caBundleRef": { "name": "trust", "key": "ca.crt", "injectIntoToolkit": true },
                "values": { "manager": { "imagePullSecrets": [{ "name": "registry" }] } },
                "driftDetection": { "mode": "enabled", "ignore": [{ "paths": ["/spec/replicas"], "target": { "kind": "Deployment" } }] },
                "access": { "rules": [{ "apiGroups": ["*"], "resources": ["*"], "verbs": ["*"] }] },
                "rollout": { "paused": false, "maxUnavailable": "25%", "canary": { "selector": { "matchLabels": { "a": "b" } } } },
                "versions": [{
                  "version": "0.4.0", "chartVersion": "0.4.0", "chartURL": "ghcr.io/example/chart", "chartPullSecret": "registry",
                  "helmValues": { "a": [1] }, "deprecated": { "message": "old", "replacement": "0.4.0" }
                }]
              }
            }
            """),
        Input(
            """
            {
              "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "registry", "namespace": "openmcp-system", "labels": { "a": "b" } },
              "type": "kubernetes.io/dockerconfigjson", "immutable": false, "data": { ".dockerconfigjson": "e30=" }
            }
            """),
        Input(
            $$"""
            {
              "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "trust", "namespace": "openmcp-system" },
              "data": { "ca.crt": {{JsonValue.Create(new TestPki().Pem)!.ToJsonString()}} }
            }
            """),
        Input(
            $$"""
            { "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "{{An.Tenant}}", "labels": { "a": "b" }, "annotations": { "a": "b" } } }
            """),
        (JsonObject)JsonNode.Parse(An.Observation().WithToolkitPullSecret().Granted().AccessRequest!.Json.GetRawText())!,
    }.ToDictionary(input => (string)input["kind"]!, StringComparer.Ordinal);

    private static IEnumerable<string> Kinds => Inputs.Keys;

    [Test]
    public void The_inputs_themselves_are_rendered() => Assert.That(
        Rendered(Inputs.Values.Select(input => input.ToJsonString())), Does.Contain("kind: HelmRelease"));

    [TestCaseSource(nameof(Kinds))]
    public void A_field_of_any_shape_is_rendered_or_rejected(string kind)
    {
        var others = Inputs.Where(input => input.Key != kind).Select(input => input.Value.ToJsonString()).ToList();
        List<string> failures = [];
        foreach (var path in Paths(Inputs[kind]))
        {
            foreach (var shape in Shapes)
            {
                var changed = Inputs[kind].DeepClone();
                var owner = path[..^1].Aggregate(changed, (node, step) => step is int index ? node[index]! : node[(string)step]!);
                if (path[^1] is int last)
                {
                    owner[last] = JsonNode.Parse(shape);
                }
                else
                {
                    owner[(string)path[^1]] = JsonNode.Parse(shape);
                }

                try
                {
                    Rendered([changed.ToJsonString(), .. others]);
                }
                catch (ManifestException)
                {
                    // Rejected.
                }
                catch (Exception exception)
                {
                    failures.Add($"{string.Join('.', path)}: {shape}: {exception.GetType().Name}: {exception.Message}");
                }
            }
        }

        Assert.That(failures, Is.Empty);
    }

    [TestCase("""{ "requestRef": [] }""")]
    [TestCase("[]")]
    public async Task A_field_that_is_removed_from_an_AccessRequest_is_rendered(string spec)
    {
        var malformed = Inputs["AccessRequest"].DeepClone();
        malformed["spec"] = JsonNode.Parse(spec);

        var run = await RenderRun.OfAsync(
            [.. Inputs.Where(input => input.Key != "AccessRequest").Select(input => input.Value.ToJsonString()), malformed.ToJsonString()]);

        Assert.That((run.ExitCode, run.Errors), Is.EqualTo((0, Array.Empty<string>())));
        Assert.That(run.Objects.Where(rendered => rendered.Text("kind") == "AccessRequest").Select(rendered => rendered.Name).Distinct(), Has.Exactly(1).Items);
    }

    private static string Rendered(IEnumerable<string> texts)
    {
        var objects = YamlManifests.Read("input", string.Join("\n---\n", texts));
        var inputs = RenderInputs.Of(objects, apiGroup: null, providerName: null);
        _ = DiffSource.Files(inputs, inputs);
        var steps = Renderer.Render(inputs).Steps;
        return RenderedText.Json(steps, showSecrets: true) + RenderedText.Yaml(steps, showSecrets: false);
    }

    private static JsonObject Input(string json) => (JsonObject)JsonNode.Parse(json)!;

    private static IEnumerable<object[]> Paths(JsonNode node) => node switch
    {
        JsonObject map => map.SelectMany(field => Below(field.Key, field.Value)),
        JsonArray list => list.SelectMany((item, index) => Below(index, item)),
        _ => [],
    };

    private static IEnumerable<object[]> Below(object step, JsonNode? node) =>
        [[step], .. node is null ? [] : Paths(node).Select(path => (object[])[step, .. path])];
}
