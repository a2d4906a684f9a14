using System.Text.Json;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Packaging;
using ServiceProviderOcm.Packaging.Documents;
using ServiceProviderOcm.Tests.Deploy;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Files;

namespace ServiceProviderOcm.Tests.Packaging;

/// <summary>The files of a version beside the image.</summary>
public sealed class PackerTests
{
    private PackedVersion _version = null!;

    [OneTimeSetUp]
    public void Pack() => _version = new PackedVersion();

    [OneTimeTearDown]
    public void Remove() => _version.Dispose();

    [Test]
    public void Equal_content_gives_equal_files_whatever_its_path_and_time_and_the_umask()
    {
        using var other = new PackedVersion(new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc), Modes.Private);

        Assert.That(other.Digest, Is.EqualTo(_version.Digest));
        Assert.That(Files(other).ToList(), Is.EqualTo(Files(_version)));
        foreach (var file in Files(_version))
        {
            Assert.That(File.ReadAllBytes(other[file]), Is.EqualTo(File.ReadAllBytes(_version[file])), file);
        }
    }

    [Test]
    public void The_checksums_list_all_files_but_those_that_are_in_archives()
    {
        Assert.That(
            _version.Text("sha256sums.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[66..]),
            Is.EqualTo(Files(_version).Where(file => file != "sha256sums.txt" && !file.Contains('/'))));
    }

    [Test]
    public void Only_a_folder_that_was_made_by_the_same_command_is_replaced()
    {
        using var folder = new TestFolder();
        folder.Write("output/mine", "");

        Assert.That(
            () => BaseImage.Write(new Dictionary<string, string>(), DateTimeOffset.UnixEpoch, folder["output"]),
            Throws.TypeOf<InvalidDataException>().With.Message.Contain("was not made by this command"));
        Assert.That(File.Exists(folder["output/mine"]), Is.True);
    }

    [Test]
    public async Task The_checksums_are_those_of_the_files()
    {
        var checkedSums = await Tool.RunAsync("sh", ["-c", $"cd '{_version.Output}' && sha256sum --check --quiet sha256sums.txt"]);

        Assert.That(checkedSums.Code, Is.Zero, checkedSums.Errors + checkedSums.Output);
    }

    [Test]
    public void The_bill_of_materials_lists_each_locked_package_once()
    {
        var locked = JsonReading.Parse(File.ReadAllText(Path.Combine(RepositoryRoot.Find(), "ServiceProviderOcm.Worker", "packages.image.lock.json")));
        var expected = locked.At("dependencies")!.Value.EnumerateObject().SelectMany(target => target.Value.EnumerateObject())
            .Where(package => package.Value.Text("type") != "Project")
            .Select(package => $"pkg:nuget/{package.Name}@{package.Value.Text("resolved")}")
            .Distinct();
        var listed = Components().Select(component => component.Text("purl")!).ToList();

        Assert.That(listed, Is.Unique);
        Assert.That(expected.Except(listed), Is.Empty);
        Assert.That(
            listed.Where(purl => purl.Contains(".Runtime.", StringComparison.Ordinal)).Select(purl => purl.Split('@')[0]),
            Is.EquivalentTo(
            [
                "pkg:nuget/Microsoft.AspNetCore.App.Runtime.linux-arm64", "pkg:nuget/Microsoft.AspNetCore.App.Runtime.linux-x64",
                "pkg:nuget/Microsoft.NETCore.App.Runtime.NativeAOT.linux-arm64", "pkg:nuget/Microsoft.NETCore.App.Runtime.NativeAOT.linux-x64",
            ]));
    }

    [Test]
    public void The_bill_of_materials_lists_the_packages_of_the_base_image() => Assert.That(
        Components().Select(component => component.Text("purl")!).Where(purl => purl.StartsWith("pkg:deb/", StringComparison.Ordinal)),
        Is.EquivalentTo(
        [
            "pkg:deb/debian/libc6@2.36-9%2Bdeb12u14?arch=amd64&distro=debian-12&upstream=glibc",
            "pkg:deb/debian/libc6@2.36-9%2Bdeb12u14?arch=arm64&distro=debian-12&upstream=glibc",
        ]));

    [TestCase("Package: bash\nVersion: 5.2", "", "pkg:deb/debian/bash@5.2?arch=all")]
    [TestCase("Package: bash\nVersion: 5.2\nSource: bash (5.2)", "ID=debian", "pkg:deb/debian/bash@5.2?arch=all&upstream=bash%405.2")]
    [TestCase("Package: bash\nVersion: 5.2", "VERSION_ID='24.04'\nID=\"ubuntu\"", "pkg:deb/ubuntu/bash@5.2?arch=all&distro=ubuntu-24.04")]
    public void A_Debian_package_is_identified_as_scanners_find_it(string status, string release, string purl)
    {
        var package = DebianPackages.Parse(status).Single() with { Distribution = Distribution.Parse(release) };

        Assert.That(package.Purl, Is.EqualTo(purl));
    }

    [TestCase("registry.example.com/mine/provider:1.0.0")]
    [TestCase("registry.example.com/mine/provider@sha256:0000")]
    public void The_name_of_an_image_with_a_tag_or_a_digest_is_rejected(string image)
    {
        var options = _version.Options with { Facts = _version.Options.Facts with { Image = image } };

        Assert.That(() => Packer.Pack(options), Throws.TypeOf<InvalidDataException>().With.Message.Contain(image));
    }

    [Test]
    public void The_name_of_an_image_may_have_the_port_of_its_registry()
    {
        using var version = new PackedVersion();
        var options = version.Options with { Facts = version.Options.Facts with { Image = "localhost:5000/provider" } };

        Assert.That(() => Packer.Pack(options), Throws.Nothing);
    }

    [Test]
    public void Dependencies_in_the_bill_of_materials_lead_from_the_image_to_every_component()
    {
        var sbom = _version.Json("sbom.cdx.json");
        var edges = sbom.Items("dependencies").ToDictionary(
            item => item.Text("ref")!, item => item.Items("dependsOn").Select(on => on.GetString()!).ToList());
        var reached = new HashSet<string>();
        var open = new Queue<string>([sbom.Text("metadata", "component", "bom-ref")!]);
        while (open.TryDequeue(out var reference))
        {
            foreach (var next in edges.GetValueOrDefault(reference, []).Where(reached.Add))
            {
                open.Enqueue(next);
            }
        }

        Assert.That((sbom.Text("bomFormat"), sbom.Text("specVersion")), Is.EqualTo(("CycloneDX", "1.6")));
        Assert.That(Components().Select(component => component.Text("bom-ref")!), Is.EquivalentTo(reached));
    }

    [TestCase("Microsoft.DotNet.ILCompiler", "excluded")]
    [TestCase("Nerdbank.GitVersioning", "excluded")]
    [TestCase("KubernetesClient.Aot", "required")]
    public void The_bill_of_materials_tells_tools_of_the_build_from_what_is_in_the_image(string name, string scope) =>
        Assert.That(Components().Single(component => component.Text("name") == name).Text("scope"), Is.EqualTo(scope));

    [Test]
    public void The_provenance_is_about_the_image_and_names_what_it_was_made_of()
    {
        var provenance = _version.Json("provenance.intoto.json");
        var made = provenance.At("predicate", "buildDefinition")!.Value;
        var digests = made.Items("resolvedDependencies").SelectMany(item => item.TextMap("digest").Values);

        Assert.That(provenance.Text("_type"), Is.EqualTo("https://in-toto.io/Statement/v1"));
        Assert.That(provenance.Text("predicateType"), Is.EqualTo("https://slsa.dev/provenance/v1"));
        Assert.That(provenance.Items("subject").Single().Text("name"), Is.EqualTo(PackedVersion.Image));
        Assert.That(provenance.Items("subject").Single().Text("digest", "sha256"), Is.EqualTo(_version.Digest[7..]));
        Assert.That(digests, Does.Contain(new string('a', 40)).And.Contain(_version.BaseDigest[7..]));
        Assert.That(provenance.Text("predicate", "runDetails", "builder", "id"), Is.EqualTo("https://git.example.com/mine/scripts/release"));
    }

    [Test]
    public void The_provenance_names_SDK_compiler_linker_and_the_base_image_in_its_registry()
    {
        const string Base = "registry.example.com/base:10.0@sha256:0123";
        using var version = new PackedVersion();
        Packer.Pack(version.Options with { BaseName = Base, Tools = ["gcc-12=12.2.0-14+deb12u1", "ld=GNU ld 2.40"] });
        var dependencies = version.Json("provenance.intoto.json").At("predicate", "buildDefinition")!.Value.Items("resolvedDependencies").ToList();
        var layout = new LayoutFiles(version["image"]);

        Assert.That(
            dependencies.Select(item => (item.Text("name"), item.Text("uri"))).Skip(1),
            Is.EqualTo(
            [
                ("base image", $"docker://{Base}"), ("packages.image.lock.json", null), (".NET SDK", "pkg:generic/dotnet-sdk@10.0.100"),
                ("gcc-12", "pkg:generic/gcc-12@12.2.0-14%2Bdeb12u1"), ("ld", "pkg:generic/ld@GNU%20ld%202.40"),
            ]));
        Assert.That(
            layout.Json(layout.Index.Items("manifests").Single()).TextMap("annotations")["org.opencontainers.image.base.name"], Is.EqualTo(Base));
    }

    [TestCase("gcc")]
    [TestCase("=12")]
    public void A_tool_without_name_or_version_is_rejected(string tool)
    {
        using var version = new PackedVersion();

        Assert.That(
            () => Packer.Pack(version.Options with { Tools = [tool] }),
            Throws.TypeOf<InvalidDataException>().With.Message.Contain($"\"{tool}\""));
    }

    [Test]
    public async Task The_archive_of_the_base_image_is_a_layout_with_which_the_version_can_be_made_again()
    {
        using var version = new PackedVersion();
        using var folder = new TestFolder();
        var unpacked = await Tool.RunAsync("tar", ["--extract", "--gzip", "--file", version["base-layout.tar.gz"], "--directory", folder.Root]);

        var digest = Packer.Pack(version.Options with { BaseLayout = folder["base-layout"], Output = folder["again"] });

        Assert.That(unpacked.Code, Is.Zero, unpacked.Errors);
        Assert.That(digest, Is.EqualTo(version.Digest));
        Assert.That(File.ReadAllBytes(folder["again/base-layout.tar.gz"]), Is.EqualTo(File.ReadAllBytes(version["base-layout.tar.gz"])));
    }

    [TestCase("base")]
    [TestCase("overlays/small")]
    [TestCase("overlays/large")]
    [TestCase("open-control-plane")]
    public async Task Rendered_manifests_have_the_image_with_its_digest(string folder)
    {
        var deployment = (await Kustomize.RenderAsync(_version[$"deploy/{folder}"]))
            .Select(KubeObject.From).Single(item => item.Json.Text("kind") == "Deployment");

        Assert.That(
            PodSpec.Containers(deployment).Select(container => container.Text("image")),
            Is.EqualTo(Enumerable.Repeat($"{PackedVersion.Image}@{_version.Digest}", 2)));
    }

    [TestCase("newName: registry.example.com/mirror/provider", "registry.example.com/mirror/provider@{0}")]
    [TestCase("newTag: 0.1.7", PackedVersion.Image + ":0.1.7")]
    public async Task An_overlay_of_a_released_version_keeps_the_digest_if_it_sets_the_name_only(string change, string image)
    {
        using var folder = new TestFolder();
        var copied = await Tool.RunAsync("cp", ["-R", _version["deploy"], folder.Root]);
        folder.Write(
            "kustomization.yaml", $"resources:\n  - deploy/base\nimages:\n  - name: {PackedVersion.Image}\n    {change}\n");

        var deployment = (await Kustomize.RenderAsync(folder.Root)).Select(KubeObject.From).Single(item => item.Json.Text("kind") == "Deployment");

        Assert.That(copied.Code, Is.Zero, copied.Errors);
        Assert.That(
            PodSpec.Containers(deployment).Select(container => container.Text("image")),
            Is.All.EqualTo(image.Replace("{0}", _version.Digest, StringComparison.Ordinal)));
    }

    [Test]
    public void No_manifest_has_an_image_without_digest()
    {
        var images = Directory.EnumerateFiles(_version["deploy"], "*.yaml", SearchOption.AllDirectories)
            .SelectMany(File.ReadLines)
            .Where(line => line.Contains("service-provider-ocm:", StringComparison.Ordinal) || line.Contains("newTag", StringComparison.Ordinal));

        Assert.That(images, Is.Empty);
    }

    [Test]
    public void Runbook_links_go_to_the_documents_of_the_commit()
    {
        var links = File.ReadLines(_version["deploy/monitoring/prometheusrule.yaml"])
            .Where(line => line.Contains("runbook_url: ", StringComparison.Ordinal)).Select(line => line.Trim()).ToList();

        Assert.That(links, Is.Not.Empty.And.All.StartsWith($"runbook_url: https://git.example.com/mine/blob/{new string('a', 40)}/docs/troubleshooting.md#"));
    }

    [TestCase("missing", "cannot be found|Could not find")]
    [TestCase("size", "does not match its descriptor")]
    [TestCase("content", "does not match its descriptor")]
    [TestCase("architecture", "no image for linux/s390x")]
    [TestCase("images", "not one image")]
    public void An_invalid_base_image_is_rejected(string what, string message)
    {
        using var version = new PackedVersion();
        var options = version.Options;
        var index = Path.Combine(version.Base, "index.json");
        var blob = Path.Combine(version.Base, "blobs", "sha256", version.BaseDigest[7..]);
        switch (what)
        {
            case "missing": File.Delete(blob); break;
            case "size": File.AppendAllText(blob, " "); break;
            case "content": File.WriteAllText(blob, File.ReadAllText(blob).Replace("linux", "Linux", StringComparison.Ordinal)); break;
            case "architecture": options = options with { Programs = new Dictionary<string, string> { ["s390x"] = version.Base } }; break;
            case "images":
                var json = File.ReadAllText(index);
                var entry = JsonReading.Parse(json).Items("manifests").Single().GetRawText();
                File.WriteAllText(index, json.Replace(entry, $"{entry}, {entry}", StringComparison.Ordinal));
                break;
        }

        Assert.That(() => Packer.Pack(options), Throws.InstanceOf<IOException>().Or.InstanceOf<InvalidDataException>().With.Message.Match(message));
    }

    private IEnumerable<JsonElement> Components() => _version.Json("sbom.cdx.json").Items("components");

    private static IEnumerable<string> Files(PackedVersion version) =>
        Directory.EnumerateFiles(version.Output, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(version.Output, file)).Order(StringComparer.Ordinal);
}
