using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Packaging.Documents;

namespace ServiceProviderOcm.Tests.Deploy;

/// <summary>The constructor of the OCM component, as far as it can be checked without ocm.</summary>
public sealed class ComponentTests
{
    private const string Constructor = "component-constructor.yaml";

    private static readonly string Template = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "deploy", Constructor));

    [Test]
    public void Component_and_resources_have_the_version_of_the_release()
    {
        var component = DeployedYaml.Read(Constructor).Single().Items("components").Single();

        Assert.That(component.Text("version"), Is.EqualTo("${VERSION}"));
        Assert.That(component.Items("resources").Select(resource => resource.Text("version")), Is.All.EqualTo("${VERSION}"));
    }

    [Test]
    public void The_component_contains_all_files_of_a_version()
    {
        var component = DeployedYaml.Read(Constructor).Single().Items("components").Single();

        Assert.That(component.Items("resources").Select(resource => (resource.Text("name"), resource.Text("input", "path"))), Is.EqualTo(
        [
            ("image", "image.tar.gz"), ("deployment", "deploy.tar.gz"), ("sbom", "sbom.cdx.json"), ("provenance", "provenance.intoto.json"),
            ("changelog", "changelog.md"),
        ]));
        Assert.That(component.Items("resources").Select(resource => resource.Text("relation")), Is.All.EqualTo("local"));
    }

    [Test]
    public void All_variables_are_set()
    {
        var filled = ComponentConstructor.Fill(Template, new Dictionary<string, string>
        {
            ["COMPONENT"] = "example.com/mine",
            ["PROVIDER"] = "example.com",
            ["VERSION"] = "0.1.7",
        });

        Assert.That(filled, Does.Contain("name: example.com/mine").And.Contain("version: 0.1.7").And.Not.Contain("${"));
    }

    [Test]
    public void A_variable_without_a_value_is_an_error() => Assert.That(
        () => ComponentConstructor.Fill(Template, new Dictionary<string, string> { ["VERSION"] = "0.1.7" }),
        Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo("${COMPONENT} has no value"));
}
