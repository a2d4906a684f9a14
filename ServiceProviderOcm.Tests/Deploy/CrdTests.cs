using System.Text.Json;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Tests.Deploy;

[TestFixtureSource(nameof(Kinds))]
public sealed class CrdTests(ResourceKind kind, string cluster, string[] columns)
{
    private static readonly ProviderApi Api = new(ProviderApi.DefaultGroup);

    private static readonly object[] Kinds =
    [
        new TestFixtureData(Api.Ocm, "onboarding", new[] { "Version", "Phase", "Warning", "Message", "Age" }) { TestName = "OCM" },
        new TestFixtureData(Api.ProviderConfig, "platform", new[] { "Chart", "Interval", "Ready", "OCMs", "ReadyOCMs", "Progressing", "Paused", "Message", "Warning", "PullSecret", "Age" }) { TestName = "ProviderConfig" },
    ];

    private static readonly string[] PropertiesOfEveryObject = ["", ".metadata"];

    private readonly JsonElement _crd = DeployedYaml.Read($"crds/{cluster}/{kind.Group}_{kind.Plural}.yaml").Single();

    private JsonElement Version => _crd.Items("spec", "versions").Single();

    private JsonElement Schema => Version.At("schema", "openAPIV3Schema")!.Value;

    [Test]
    public void The_definition_is_of_the_kind_that_the_provider_serves()
    {
        Assert.That(_crd.Text("metadata", "name"), Is.EqualTo(kind.QualifiedPlural));
        Assert.That(_crd.Text("spec", "group"), Is.EqualTo(kind.Group));
        Assert.That(_crd.Text("spec", "names", "kind"), Is.EqualTo(kind.Kind));
        Assert.That(_crd.Text("spec", "names", "listKind"), Is.EqualTo(kind.Kind + "List"));
        Assert.That(_crd.Text("spec", "names", "plural"), Is.EqualTo(kind.Plural));
        Assert.That(_crd.Text("spec", "names", "singular"), Is.EqualTo(kind.Kind.ToLowerInvariant()));
        Assert.That(_crd.Text("spec", "scope"), Is.EqualTo(kind.IsNamespaced ? "Namespaced" : "Cluster"));
        Assert.That(Version.Text("name"), Is.EqualTo(kind.Version));
    }

    [Test]
    public void The_label_of_the_definition_names_its_cluster() =>
        Assert.That(_crd.TextMap("metadata", "labels"), Does.ContainKey("openmcp.cloud/cluster").WithValue(cluster));

    [Test]
    public void Kubectl_get_shows_the_printer_columns() =>
        Assert.That(Version.Items("additionalPrinterColumns").Select(column => column.Text("name")), Is.EqualTo(columns));

    [Test]
    public void The_definition_has_a_status_subresource() =>
        Assert.That(Version.At("subresources", "status"), Is.Not.Null);

    [Test]
    public void Conditions_are_keyed_by_type()
    {
        var conditions = Schema.At("properties", "status", "properties", "conditions")!.Value;

        Assert.That(conditions.Text("x-kubernetes-list-type"), Is.EqualTo("map"));
        Assert.That(conditions.Items("x-kubernetes-list-map-keys").Single().GetString(), Is.EqualTo("type"));
    }

    [Test]
    public void Every_field_has_a_description()
    {
        var silent = CrdSchema.Fields(Schema)
            .Where(field => !PropertiesOfEveryObject.Contains(field.Path) && string.IsNullOrWhiteSpace(field.Schema.Text("description")))
            .Select(field => field.Path);

        Assert.That(Schema.Text("description"), Is.Not.Empty);
        Assert.That(silent, Is.Empty);
    }

    [Test]
    public void No_default_is_empty()
    {
        var empty = CrdSchema.Fields(Schema).Where(field => field.Schema.Text("default") == "").Select(field => field.Path);

        Assert.That(empty, Is.Empty);
    }

    [Test]
    public void No_description_names_the_api_group_because_that_is_a_setting()
    {
        var naming = CrdSchema.Fields(Schema)
            .Where(field => field.Schema.Text("description")?.Contains(kind.Group, StringComparison.Ordinal) == true)
            .Select(field => field.Path);

        Assert.That(naming, Is.Empty);
    }
}
