using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Yaml;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Builders;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Plan;

/// <summary>What AccessRequests request on control planes.</summary>
public sealed class ControlPlaneAccessTests
{
    private const string Own = """{ "apiGroups": ["delivery.ocm.software"], "resources": ["*"], "verbs": ["list", "watch"] }""";

    [Test]
    public void The_documented_access_is_a_valid_setting_also_with_objects_on_the_control_plane()
    {
        const string Begin = "```yaml\n";
        var text = File.ReadAllText(Path.Combine(RepositoryRoot.Find(), "docs", "security.md"));
        var start = text.IndexOf($"{Begin}access:", StringComparison.Ordinal) + Begin.Length;
        var yaml = text[start..text.IndexOf("```", start, StringComparison.Ordinal)];
        var access = YamlManifests.Parse($"kind: Any\n{yaml}").Single()["access"]!.ToJsonString();

        Assert.That(
            An.Config($$"""{ "access": {{access}}, "caBundleRef": { "name": "trust", "key": "ca.crt" } }""").Errors, Is.Empty);
    }

    private const string Everything =
        """
        {
          "permissions": [{ "rules": [{ "apiGroups": ["*"], "resources": ["*"], "verbs": ["*"] }] }],
          "roleRefs": [{ "kind": "ClusterRole", "name": "cluster-admin" }]
        }
        """;

    [TestCase("{}", Everything)]
    [TestCase("""{ "access": {} }""", Everything)]
    [TestCase("""{ "access": { "clusterAdmin": true } }""", Everything)]
    [TestCase(
        $$"""{ "access": { "clusterAdmin": false, "rules": [{{Own}}] } }""", $$"""{ "permissions": [{ "rules": [{{Own}}] }] }""")]
    [TestCase(
        $$"""{ "access": { "rules": [{{Own}}], "namespaceRules": [{ "apiGroups": [""], "resources": ["secrets"], "verbs": ["*"] }] } }""",
        $$"""
        { "permissions": [
          { "rules": [{{Own}}] },
          { "namespace": "ocm-k8s-toolkit-system", "rules": [{ "apiGroups": [""], "resources": ["secrets"], "verbs": ["*"] }] } ] }
        """)]
    [TestCase(
        """{ "access": { "roleRefs": [{ "kind": "ClusterRole", "name": "flux" }, { "kind": "Role", "name": "flux", "namespace": "ns" }] } }""",
        """{ "roleRefs": [{ "kind": "ClusterRole", "name": "flux" }, { "kind": "Role", "name": "flux", "namespace": "ns" }] }""")]
    public void The_AccessRequest_requests_what_is_configured_and_else_everything(string spec, string token)
    {
        var plan = Planner.Plan(An.Observation().WithConfig(spec));

        var requested = plan.Apply("AccessRequest").Manifest.At("spec", "token")!.Value;
        Assert.That(JsonNode.DeepEquals(JsonNode.Parse(requested.GetRawText()), JsonNode.Parse(token)), Is.True, requested.GetRawText());
    }

    [Test]
    public void A_permission_that_is_not_configured_any_more_is_removed_from_the_AccessRequest()
    {
        var world = new PlanWorld(An.Observation().Complete().WithConfig($$"""{ "access": { "rules": [{{Own}}] } }"""));

        Assert.That(world.Settles(10), Is.True);
        Assert.That(world.Now.AccessRequest!.At("spec", "token", "roleRefs"), Is.Null);
    }

    [TestCase("1", "spec.access must be an object")]
    [TestCase("""{ "clusterAdmin": "yes" }""", "spec.access.clusterAdmin must be true or false")]
    [TestCase("""{ "clusterAdmin": false }""", "spec.access must have rules")]
    [TestCase($$"""{ "clusterAdmin": true, "rules": [{{Own}}] }""", "spec.access.clusterAdmin must not be true beside rules")]
    [TestCase("""{ "rules": [{ "apiGroups": [""], "resources": ["pods"] }] }""", "spec.access.rules[0].verbs must have at least one entry")]
    [TestCase("""{ "rules": [{ "verbs": ["get"], "resources": ["pods"] }] }""", "spec.access.rules[0] must have either apiGroups and resources")]
    [TestCase("""{ "rules": [{ "verbs": "get", "apiGroups": [""], "resources": ["pods"] }] }""", "spec.access.rules[0].verbs must be a list of texts")]
    [TestCase(
        """{ "namespaceRules": [{ "verbs": ["get"], "nonResourceURLs": ["/metrics"] }] }""",
        "spec.access.namespaceRules[0].nonResourceURLs is not possible in a namespace")]
    [TestCase("""{ "roleRefs": [{ "kind": "User", "name": "x" }] }""", "spec.access.roleRefs[0].kind must be Role or ClusterRole")]
    [TestCase("""{ "roleRefs": [{ "kind": "ClusterRole" }] }""", "spec.access.roleRefs[0].name must be the name of a role")]
    [TestCase("""{ "roleRefs": [{ "kind": "Role", "name": "x" }] }""", "spec.access.roleRefs[0].namespace must be set for a Role")]
    public void An_invalid_setting_is_an_error_and_requests_nothing(string access, string error)
    {
        var plan = Planner.Plan(An.Observation().WithConfig($$"""{ "access": {{access}} }"""));

        plan.Reports(Reasons.InvalidProviderConfig, Phase.Progressing, Health.Degraded, error);
        Assert.That(plan.Steps, Is.Empty);
    }

    [TestCase("list", false, "must allow watch on *.delivery.ocm.software, which the controller needs")]
    [TestCase("list,watch", false, "")]
    [TestCase("*", false, "")]
    [TestCase("*", true, "must allow list, watch, create, patch on namespaces, which the controller needs")]
    public void Rules_must_allow_what_the_controller_itself_does(string verbs, bool hasObjects, string error)
    {
        var list = string.Join(',', verbs.Split(',').Select(verb => $"\"{verb}\""));
        var bundle = hasObjects ? """, "caBundleRef": { "name": "trust", "key": "ca.crt" }""" : "";
        var config = An.Config(
            $$"""
            { "access": { "rules": [{ "apiGroups": ["delivery.ocm.software"], "resources": ["*"], "verbs": [{{list}}] }] }{{bundle}} }
            """);

        Assert.That(config.Errors.Select(issue => issue.Detail).FirstOrDefault() ?? "", Is.EqualTo(error));
    }
}
