using System.Runtime.Versioning;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Deploy;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Packaging;

/// <summary>Steps of the release workflow, run on the files of a version with stand-ins for the programs that sign and publish.</summary>
[UnsupportedOSPlatform("windows")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReleaseWorkflowTests : IDisposable
{
    private readonly StubbedShell _shell = new();
    private readonly PackedVersion _version = new();

    private string Downloads => _shell["downloads"];

    [SetUp]
    public void AddPrograms()
    {
        Directory.CreateDirectory(Downloads);
        File.WriteAllText(_version["component.tgz"], "archive");
        // As gh: values of options are no assets.
        _shell.Add("gh", """
            shift 3
            while [ $# -gt 0 ]; do
              case "$1" in
                --verify-tag) shift ;;
                --*) shift 2 ;;
                *) cp "$1" "$DOWNLOADS/" && shift ;;
              esac
            done

            """);
        _shell.Add("cosign", "while [ \"$1\" != --bundle ]; do shift; done\necho signature >\"$2\"\n");
    }

    public void Dispose()
    {
        _shell.Dispose();
        _version.Dispose();
    }

    [Test]
    public async Task A_downloader_of_the_release_can_check_all_checksums_and_signatures()
    {
        await PublishAsync();

        var checkedSums = await Tool.RunAsync("sh", ["-c", $"cd '{Downloads}' && sha256sum --check --strict sha256sums.txt"]);
        Assert.That(checkedSums.Code, Is.Zero, checkedSums.Errors + checkedSums.Output);
        Assert.That(
            Files(Downloads).Except(_version.Text("sha256sums.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[66..])),
            Is.EquivalentTo((string[])["component.tgz", "component.tgz.sigstore.json", "sha256sums.txt", "sha256sums.txt.sigstore.json"]));
    }

    [Test]
    public async Task A_downloader_of_the_release_can_make_the_component_and_the_version_again()
    {
        await PublishAsync();

        var inputs = DeployedYaml.Read(Path.Combine(Downloads, "component-constructor.yaml"))
            .SelectMany(file => file.Items("components")).SelectMany(component => component.Items("resources"))
            .Select(resource => resource.Text("input", "path")).ToList();
        Assert.That(inputs, Is.Not.Empty);
        Assert.That(inputs.Append("base-layout.tar.gz").Except(Files(Downloads)), Is.Empty);
    }

    [Test]
    public async Task All_signatures_have_the_format_that_the_documentation_verifies()
    {
        await PublishAsync();

        Assert.That(_shell.Calls("cosign").Count(call => call.Arguments.Contains("--new-bundle-format")), Is.EqualTo(2));
    }

    private async Task PublishAsync()
    {
        await StepAsync("Sign the checksums and the component archive");
        await StepAsync("Create the release");
    }

    // As a workflow's runner: bash -e, in the step's folder.
    private async Task StepAsync(string name)
    {
        var workflow = DeployedYaml.Read(Path.Combine(RepositoryRoot.Find(), ".github", "workflows", "release.yaml")).Single();
        var step = workflow.Items("jobs", "publish", "steps").Single(item => item.Text("name") == name);
        Assert.That(step.Text("working-directory"), Is.EqualTo("release"));
        var run = await _shell.BashAsync(
            _version.Output,
            ["-e", "-c", step.Text("run")!],
            ("GITHUB_REF_NAME", "v0.1.7"),
            ("GITHUB_REPOSITORY", "mine/provider"),
            ("DOWNLOADS", Downloads));
        Assert.That(run.Code, Is.Zero, run.Errors);
    }

    private static List<string> Files(string folder) => [.. Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];
}
