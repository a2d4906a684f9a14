using System.Text.Json;
using System.Text.RegularExpressions;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Deploy;

/// <summary>The OCM component of a release, as far as it can be checked without ocm.</summary>
public sealed partial class ComponentTests
{
    private const string Constructor = "component-constructor.yaml";

    private static readonly string Root = RepositoryRoot.Find();
    private static readonly string Task = TaskText();

    private JsonElement _component;

    [OneTimeSetUp]
    public void Read() => _component = DeployedYaml.Read(Constructor).Single().Items("components").Single();

    [Test]
    public void The_task_requires_and_passes_exactly_the_variables_of_the_component()
    {
        var used = Variables().Matches(File.ReadAllText(Path.Combine(Root, "deploy", Constructor))).Select(match => match.Groups[1].Value);
        var given = Assignments().Matches(Task).Select(match => match.Groups[1].Value).ToList();
        var required = Required().Match(Task).Groups[1].Value.Split(", ");

        Assert.That(given, Is.EquivalentTo(used.Distinct()));
        Assert.That(required, Is.EquivalentTo(given));
        Assert.That(Task, Does.Contain($"deploy/{Constructor}"));
    }

    [Test]
    public void Component_and_resources_have_the_version_of_the_release()
    {
        Assert.That(_component.Text("version"), Is.EqualTo("${VERSION}"));
        Assert.That(_component.Items("resources").Select(resource => resource.Text("version")), Is.All.EqualTo("${VERSION}"));
    }

    [Test]
    public void The_component_refers_to_the_image_in_the_registry_it_is_pushed_to()
    {
        var image = Resource("image");

        Assert.That(
            (image.Text("type"), image.Text("relation"), image.Text("access", "type"), image.Text("access", "imageReference")),
            Is.EqualTo(("ociImage", "external", "ociArtifact", "${IMAGE}")));
    }

    [Test]
    public void The_deployment_resource_contains_all_files_that_the_documentation_names()
    {
        var input = Resource("deployment").At("input")!.Value;
        var folder = Path.GetFullPath(Path.Combine(Root, "deploy", input.Text("path")!));
        var left = input.Items("excludeFiles").Select(file => file.GetString()!).ToList();

        Assert.That(input.Text("type"), Is.EqualTo("dir"));
        Assert.That(Path.Combine(folder, "base", "kustomization.yaml"), Does.Exist);
        Assert.That(left.Select(file => Path.Combine(folder, file)), Is.All.Exist);
        Assert.That(left, Is.EqualTo([Constructor]));
    }

    private JsonElement Resource(string name) => _component.Items("resources").Single(resource => resource.Text("name") == name);

    // From its name to the next task.
    private static string TaskText() => OneTask().Match(File.ReadAllText(Path.Combine(Root, "Taskfile.yml"))).Value;

    [GeneratedRegex(@"^  component:\n(    .*\n|\n)+", RegexOptions.Multiline)]
    private static partial Regex OneTask();

    [GeneratedRegex(@"\$\{([A-Z]+)\}")]
    private static partial Regex Variables();

    [GeneratedRegex(@"([A-Z]+)=\{\{\.\1\}\}")]
    private static partial Regex Assignments();

    [GeneratedRegex(@"vars: \[(.+)\]")]
    private static partial Regex Required();
}
