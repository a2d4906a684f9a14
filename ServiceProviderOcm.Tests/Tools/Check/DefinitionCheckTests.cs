using System.Text.Json;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Setup;
using ServiceProviderOcm.Core.Tools.Check;

namespace ServiceProviderOcm.Tests.Tools.Check;

public sealed class DefinitionCheckTests
{
    private static readonly ProviderApi Api = new(ProviderApi.DefaultGroup);
    private static readonly ResourceKind Kind = Api.ProviderConfig;
    private static readonly KubeObject Wanted = ProviderCrds.Of(Api).Single(definition => definition.Name == Kind.QualifiedPlural);

    [Test]
    public void The_definition_of_this_release_is_ok() =>
        Assert.That(Judge(_ => { }).Status, Is.EqualTo(CheckStatus.Ok));

    [Test]
    public void Defaults_and_validation_rules_are_not_compared() => Assert.That(
        Judge(definition =>
        {
            Spec(definition).AsObject().Remove("x-kubernetes-validations");
            Spec(definition)["description"] = "Other words.";
            definition["spec"]!["conversion"] = new JsonObject { ["strategy"] = "None" };
            definition["spec"]!["versions"]![0]!.AsObject().Remove("additionalPrinterColumns");
        }).Status,
        Is.EqualTo(CheckStatus.Ok));

    [Test]
    public void A_missing_field_fails()
    {
        var result = Judge(definition => Spec(definition)["properties"]!.AsObject().Remove("caBundleRef"));

        Assert.That(result.Status, Is.EqualTo(CheckStatus.Failed));
        Assert.That(result.Message, Does.Contain("differs from this release").And.Contain("spec.properties.caBundleRef is missing"));
        Assert.That(result.Fix, Does.Contain("init"));
    }

    [Test]
    public void A_field_of_another_type_fails() => Assert.That(
        Judge(definition => Spec(definition)["properties"]!["pollInterval"]!["type"] = "integer").Message,
        Does.Contain("pollInterval.type"));

    [Test]
    public void A_status_that_is_no_subresource_fails() => Assert.That(
        Judge(definition => definition["spec"]!["versions"]![0]!.AsObject().Remove("subresources")).Message,
        Does.Contain("subresources"));

    [Test]
    public void An_unknown_field_is_a_warning()
    {
        var result = Judge(definition => Spec(definition)["properties"]!["newer"] = new JsonObject { ["type"] = "string" });

        Assert.That(result.Status, Is.EqualTo(CheckStatus.Warning));
        Assert.That(result.Message, Does.Contain("properties.newer").And.Contain("newer release"));
    }

    [Test]
    public void A_field_named_description_is_compared() => Assert.That(
        Judge(definition => Spec(definition)["properties"]!["description"] = new JsonObject { ["type"] = "string" }).Status,
        Is.EqualTo(CheckStatus.Warning));

    [Test]
    public void A_version_that_is_not_served_fails() => Assert.That(
        Judge(definition => definition["spec"]!["versions"]![0]!["served"] = false),
        Has.Property(nameof(CheckResult.Status)).EqualTo(CheckStatus.Failed)
            .And.Property(nameof(CheckResult.Message)).Contains("does not serve v1alpha1"));

    [Test]
    public void A_definition_that_is_being_deleted_fails() => Assert.That(
        Judge(definition => definition["metadata"]!["deletionTimestamp"] = "2026-01-31T12:00:00Z"),
        Has.Property(nameof(CheckResult.Status)).EqualTo(CheckStatus.Failed).And.Property(nameof(CheckResult.Message)).Contains("being deleted"));

    [Test]
    public void A_definition_that_is_not_established_fails_with_the_message_of_the_server() => Assert.That(
        Judge(definition => definition["status"] = JsonNode.Parse(
            """{ "conditions": [{ "type": "NamesAccepted", "status": "False", "message": "name taken" }] }""")),
        Has.Property(nameof(CheckResult.Status)).EqualTo(CheckStatus.Failed).And.Property(nameof(CheckResult.Message)).Contains("name taken"));

    [Test]
    public void A_missing_definition_fails() => Assert.That(
        DefinitionCheck.Of("name", "platform cluster", Kind, Wanted, null),
        Has.Property(nameof(CheckResult.Status)).EqualTo(CheckStatus.Failed).And.Property(nameof(CheckResult.Message)).Contains("not installed"));

    [TestCase("v1alpha1", CheckStatus.Warning)]
    [TestCase("v1", CheckStatus.Failed)]
    public void A_definition_that_is_forbidden_to_read_is_checked_by_the_served_versions(string served, CheckStatus expected) => Assert.That(
        DefinitionCheck.Unread("name", "platform cluster", Kind, [served], new KubernetesApiException(403, "Forbidden", "no")).Status,
        Is.EqualTo(expected));

    private static CheckResult Judge(Action<JsonNode> change)
    {
        var definition = JsonSerializer.SerializeToNode(Wanted.Json)!;
        definition["status"] = JsonNode.Parse("""{ "conditions": [{ "type": "Established", "status": "True" }] }""");
        change(definition);
        return DefinitionCheck.Of("name", "platform cluster", Kind, Wanted, KubeObject.From(definition.AsObject()));
    }

    private static JsonNode Spec(JsonNode definition) =>
        definition["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!;
}
