using System.Text.Json;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Setup;
using ServiceProviderOcm.Core.Tools.Check;

namespace ServiceProviderOcm.Tests.Tools.Check;

public sealed class DefinitionFindingsTests
{
    private static readonly ProviderApi Api = new(ProviderApi.DefaultGroup);
    private static readonly ResourceKind Kind = Api.ProviderConfig;
    private static readonly KubeObject Wanted = ProviderCrds.Of(Api).Single(definition => definition.Name == Kind.QualifiedPlural);

    [Test]
    public void The_definition_of_this_release_is_fine() =>
        Assert.That(Judge(_ => { }).Status, Is.EqualTo(FindingStatus.Ok));

    [Test]
    public void What_an_old_server_leaves_out_or_a_server_adds_does_not_matter() => Assert.That(
        Judge(definition =>
        {
            Spec(definition).AsObject().Remove("x-kubernetes-validations");
            Spec(definition)["description"] = "Other words.";
            definition["spec"]!["conversion"] = new JsonObject { ["strategy"] = "None" };
            definition["spec"]!["versions"]![0]!.AsObject().Remove("additionalPrinterColumns");
        }).Status,
        Is.EqualTo(FindingStatus.Ok));

    [Test]
    public void A_missing_field_tells_of_an_older_release()
    {
        var finding = Judge(definition => Spec(definition)["properties"]!.AsObject().Remove("caBundleRef"));

        Assert.That(finding.Status, Is.EqualTo(FindingStatus.Failed));
        Assert.That(finding.Message, Does.Contain("older than this release").And.Contain("spec.properties.caBundleRef is missing"));
        Assert.That(finding.Cure, Does.Contain("init"));
    }

    [Test]
    public void So_does_a_field_of_another_type() => Assert.That(
        Judge(definition => Spec(definition)["properties"]!["pollInterval"]!["type"] = "integer").Message,
        Does.Contain("pollInterval.type"));

    [Test]
    public void So_does_a_status_that_is_no_subresource() => Assert.That(
        Judge(definition => definition["spec"]!["versions"]![0]!.AsObject().Remove("subresources")).Message,
        Does.Contain("subresources"));

    [Test]
    public void A_field_that_this_release_does_not_know_is_worth_a_warning()
    {
        var finding = Judge(definition => Spec(definition)["properties"]!["newer"] = new JsonObject { ["type"] = "string" });

        Assert.That(finding.Status, Is.EqualTo(FindingStatus.Warning));
        Assert.That(finding.Message, Does.Contain("properties.newer").And.Contain("newer release"));
    }

    [Test]
    public void A_field_called_description_counts() => Assert.That(
        Judge(definition => Spec(definition)["properties"]!["description"] = new JsonObject { ["type"] = "string" }).Status,
        Is.EqualTo(FindingStatus.Warning));

    [Test]
    public void A_version_that_is_not_served_fails() => Assert.That(
        Judge(definition => definition["spec"]!["versions"]![0]!["served"] = false),
        Has.Property(nameof(Finding.Status)).EqualTo(FindingStatus.Failed)
            .And.Property(nameof(Finding.Message)).Contains("does not serve v1alpha1"));

    [Test]
    public void A_definition_that_is_being_deleted_fails() => Assert.That(
        Judge(definition => definition["metadata"]!["deletionTimestamp"] = "2026-01-31T12:00:00Z"),
        Has.Property(nameof(Finding.Status)).EqualTo(FindingStatus.Failed).And.Property(nameof(Finding.Message)).Contains("being deleted"));

    [Test]
    public void A_definition_that_is_not_established_fails_with_the_servers_words() => Assert.That(
        Judge(definition => definition["status"] = JsonNode.Parse(
            """{ "conditions": [{ "type": "NamesAccepted", "status": "False", "message": "name taken" }] }""")),
        Has.Property(nameof(Finding.Status)).EqualTo(FindingStatus.Failed).And.Property(nameof(Finding.Message)).Contains("name taken"));

    [Test]
    public void No_definition_fails() => Assert.That(
        DefinitionFindings.Of("name", "platform cluster", Kind, Wanted, null),
        Has.Property(nameof(Finding.Status)).EqualTo(FindingStatus.Failed).And.Property(nameof(Finding.Message)).Contains("not installed"));

    [TestCase("v1alpha1", FindingStatus.Warning)]
    [TestCase("v1", FindingStatus.Failed)]
    public void A_definition_that_may_not_be_read_is_judged_by_what_is_served(string served, FindingStatus expected) => Assert.That(
        DefinitionFindings.Unread("name", "platform cluster", Kind, [served], new KubernetesApiException(403, "Forbidden", "no")).Status,
        Is.EqualTo(expected));

    private static Finding Judge(Action<JsonNode> change)
    {
        var definition = JsonSerializer.SerializeToNode(Wanted.Json)!;
        definition["status"] = JsonNode.Parse("""{ "conditions": [{ "type": "Established", "status": "True" }] }""");
        change(definition);
        return DefinitionFindings.Of("name", "platform cluster", Kind, Wanted, KubeObject.From(definition.AsObject()));
    }

    private static JsonNode Spec(JsonNode definition) =>
        definition["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!;
}
