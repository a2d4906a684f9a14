using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Setup.Onboarding;

namespace ServiceProviderOcm.Tests.Setup.Onboarding;

/// <summary>What an AccessRequest lacks, and what becomes of it.</summary>
public sealed class GrantedRulesTests
{
    private const string Leases = """{"apiGroups":["coordination.k8s.io"],"resources":["leases"],"verbs":["*"]}""";

    private static readonly Identity Identity = new(new ProviderApi(ProviderApi.RenamedGroup), "ocm", "system");
    private static readonly OnboardingPurpose Purpose = new(
        "run", [new("g", ["things", "things/status"], ["list", "patch"]), new("coordination.k8s.io", ["leases"], ["get"])]);

    [TestCase("""[{"rules":[{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}]}]""", "", TestName = "All is allowed")]
    [TestCase("""[{"rules":[{"apiGroups":["g"],"resources":["*"],"verbs":["*"]},LEASES]}]""", "", TestName = "All of both groups is allowed")]
    [TestCase(
        """[{"rules":[{"apiGroups":["g"],"resources":["things"],"verbs":["list","patch"]}]},{"rules":[{"apiGroups":["g"],"resources":["*/status"],"verbs":["list","patch"]},LEASES]}]""",
        "",
        TestName = "Several permissions count together")]
    [TestCase("""[{"rules":[{"apiGroups":["g"],"resources":["*"],"verbs":["*"]}]}]""", "leases get", TestName = "A group is missing")]
    [TestCase(
        """[{"rules":[{"apiGroups":["g"],"resources":["things"],"verbs":["list","patch"]},LEASES]}]""",
        "things list patch",
        TestName = "A subresource is not allowed by its resource")]
    [TestCase(
        """[{"rules":[{"apiGroups":["g"],"resources":["things","things/status"],"verbs":["list"]},LEASES]}]""",
        "things patch",
        TestName = "A verb is missing")]
    [TestCase(
        """[{"rules":[{"apiGroups":["g"],"resources":["*"],"resourceNames":["one"],"verbs":["*"]},LEASES]}]""",
        "things list patch",
        TestName = "Rules for names do not count")]
    [TestCase(
        """[{"namespace":"n","rules":[{"apiGroups":["g"],"resources":["*"],"verbs":["*"]}]},{"rules":[LEASES]}]""",
        "things list patch",
        TestName = "Rules in one namespace do not count")]
    [TestCase("[]", "things list patch, leases get", TestName = "There are no permissions")]
    public void What_is_missing_is_what_RBAC_would_not_allow(string permissions, string missing)
    {
        var found = GrantedRules.Missing(Request(permissions), Purpose.Rules);

        Assert.That(
            string.Join(", ", found.Select(rule => $"{rule.Resources[0]} {string.Join(' ', rule.Verbs)}")), Is.EqualTo(missing));
    }

    [Test]
    public void A_request_that_allows_all_that_is_needed_is_left_alone() =>
        Assert.That(OnboardingRequests.Extended(Identity, Purpose, Request("""[{"rules":[{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}]}]""")), Is.Null);

    [Test]
    public void A_request_is_extended_without_a_change_of_what_it_has()
    {
        var found = Request("""[{"namespace":"n","rules":[LEASES]}]""");

        var extended = OnboardingRequests.Extended(Identity, Purpose, found)!;

        using (Assert.EnterMultipleScope())
        {
            var permissions = extended.Json.Items("spec", "token", "permissions").ToList();
            Assert.That(permissions[0].GetRawText(), Is.EqualTo(found.Json.Items("spec", "token", "permissions").First().GetRawText()));
            Assert.That(permissions[1].Items("rules").Count(), Is.EqualTo(2));
            Assert.That(GrantedRules.Missing(extended, Purpose.Rules), Is.Empty);
            Assert.That(extended.Labels, Is.EqualTo(found.Labels), "the name of the provider shows who may delete it");
            Assert.That(extended.ResourceVersion, Is.EqualTo("7"));
        }
    }

    private static KubeObject Request(string permissions) => KubeObject.From(new JsonObject
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = "run",
            ["namespace"] = "system",
            ["resourceVersion"] = "7",
            ["labels"] = new JsonObject { [ObjectNames.ManagedByLabel] = ProviderApi.RenamedGroup },
        },
        ["spec"] = new JsonObject
        {
            ["token"] = new JsonObject { ["permissions"] = JsonNode.Parse(permissions.Replace("LEASES", Leases, StringComparison.Ordinal)) },
        },
    });
}
