using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Packaging;

/// <summary>The image's OCI layout, checked against the OCI image specification.</summary>
public sealed class LayoutTests
{
    private const string IndexType = "application/vnd.oci.image.index.v1+json";
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    private PackedVersion _version = null!;
    private LayoutFiles _layout = null!;
    private JsonElement _image;

    [OneTimeSetUp]
    public void Pack()
    {
        _version = new PackedVersion();
        _layout = new LayoutFiles(_version["image"]);
        _image = _layout.Json(_layout.Index.Items("manifests").Single());
    }

    [OneTimeTearDown]
    public void Remove() => _version.Dispose();

    [Test]
    public void The_layout_names_one_image_by_its_version()
    {
        var layout = JsonReading.Parse(_version.Text("image/oci-layout"));
        var root = _layout.Index.Items("manifests").Single();

        Assert.That(layout.Text("imageLayoutVersion"), Is.EqualTo("1.0.0"));
        Assert.That(_layout.Index.Number("schemaVersion"), Is.EqualTo(2));
        Assert.That((root.Text("mediaType"), root.Text("digest")), Is.EqualTo((IndexType, _version.Digest)));
        Assert.That(root.TextMap("annotations")["org.opencontainers.image.ref.name"], Is.EqualTo("0.1.7"));
        Assert.That(_layout.Index.TextMap("annotations")["software.ocm/main"], Is.EqualTo(_version.Digest));
    }

    [Test]
    public void The_image_has_one_manifest_for_each_architecture()
    {
        Assert.That((_image.Number("schemaVersion"), _image.Text("mediaType")), Is.EqualTo((2, IndexType)));
        Assert.That(
            _image.Items("manifests").Select(entry => (entry.Text("mediaType"), entry.Text("platform", "os"), entry.Text("platform", "architecture"))),
            Is.EqualTo([(ManifestType, "linux", "amd64"), (ManifestType, "linux", "arm64")]));
    }

    [TestCase("amd64")]
    [TestCase("arm64")]
    public void Manifest_config_and_layers_of_an_architecture_match(string architecture)
    {
        var manifest = Manifest(architecture);
        var config = _layout.Json(manifest.At("config")!.Value);
        var layers = manifest.Items("layers").ToList();

        Assert.That((manifest.Number("schemaVersion"), manifest.Text("mediaType")), Is.EqualTo((2, ManifestType)));
        Assert.That(manifest.Text("config", "mediaType"), Is.EqualTo("application/vnd.oci.image.config.v1+json"));
        Assert.That(layers.Select(layer => layer.Text("mediaType")), Is.All.EqualTo("application/vnd.oci.image.layer.v1.tar+gzip"));
        Assert.That((config.Text("os"), config.Text("architecture")), Is.EqualTo(("linux", architecture)));
        Assert.That(config.Text("rootfs", "type"), Is.EqualTo("layers"));
        Assert.That(
            config.Items("rootfs", "diff_ids").Select(id => id.GetString()),
            Is.EqualTo(layers.Select(layer => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(_layout.Layer(layer)))}")));
        Assert.That(config.Items("history").Count(), Is.EqualTo(layers.Count));
    }

    [TestCase("amd64")]
    [TestCase("arm64")]
    public void The_image_runs_the_program_of_its_architecture_as_an_unprivileged_user(string architecture)
    {
        var manifest = Manifest(architecture);
        var config = _layout.Json(manifest.At("config")!.Value);
        var program = LayoutFiles.Entries(_layout.Layer(manifest.Items("layers").Last()))
            .Single(entry => "/" + entry.Name == config.Items("config", "Entrypoint").Single().GetString());

        Assert.That(program.Mode, Is.EqualTo(Modes.Default));
        using var content = new StreamReader(program.DataStream!);
        Assert.That(content.ReadToEnd(), Is.EqualTo($"program for {architecture}"));
        Assert.That(config.Text("config", "User"), Is.EqualTo("1654:1654"));
        Assert.That(
            config.Items("config", "Env").Select(variable => variable.GetString()),
            Is.SupersetOf(["APP_UID=1654", "DOTNET_EnableDiagnostics=0", "MALLOC_ARENA_MAX=1"]));
    }

    [Test]
    public void Files_are_owned_by_root_and_have_the_time_of_their_layer()
    {
        var layers = Manifest("amd64").Items("layers").Select(layer => LayoutFiles.Entries(_layout.Layer(layer))).ToList();

        Assert.That(layers.SelectMany(entries => entries).Select(entry => (entry.Uid, entry.Gid)), Is.All.EqualTo((0, 0)));
        Assert.That(
            layers.Select(entries => entries.Select(entry => entry.ModificationTime.ToUnixTimeSeconds()).Distinct().Single()),
            Is.EqualTo([1_700_000_000, 1_750_000_000]));
        Assert.That(
            layers[0].Where(entry => entry.EntryType == TarEntryType.SymbolicLink).Select(link => (link.Name, link.LinkName)), Is.EqualTo([("lib64", "lib")]));
    }

    [Test]
    public void Index_and_manifests_say_what_the_image_is_and_what_it_was_made_of()
    {
        var said = new Dictionary<string, string>
        {
            ["org.opencontainers.image.base.digest"] = _version.BaseDigest,
            ["org.opencontainers.image.created"] = "2025-06-15T15:06:40Z",
            ["org.opencontainers.image.description"] = "Offers the OCM K8s Toolkit to the tenants of an openMCP platform",
            ["org.opencontainers.image.licenses"] = "Apache-2.0",
            ["org.opencontainers.image.revision"] = new string('a', 40),
            ["org.opencontainers.image.source"] = "https://git.example.com/mine",
            ["org.opencontainers.image.title"] = "service-provider-ocm",
            ["org.opencontainers.image.version"] = "0.1.7",
        };

        foreach (var json in (JsonElement[])[_image, Manifest("amd64"), Manifest("arm64")])
        {
            Assert.That(json.TextMap("annotations"), Is.EquivalentTo(said));
        }

        Assert.That(_layout.Json(Manifest("amd64").At("config")!.Value).TextMap("config", "Labels"), Is.EquivalentTo(said));
    }

    [Test]
    public void Every_blob_is_referenced()
    {
        foreach (var manifest in _image.Items("manifests").Select(_layout.Json).ToList())
        {
            _layout.Blob(manifest.At("config")!.Value);
            Assert.That(manifest.Items("layers").Select(_layout.Blob), Is.All.Not.Empty);
        }

        Assert.That(_layout.Unreferenced, Is.Empty);
    }

    [TestCase("amd64")]
    [TestCase("arm64")]
    [Category("Worker")]
    public async Task Skopeo_reads_the_image(string architecture)
    {
        var copy = Path.Combine(_version.Output, $"skopeo-{architecture}");
        var copied = await Tool.RunAsync("skopeo", ["--override-arch", architecture, "copy", $"oci:{_version["image"]}", $"oci:{copy}:one"]);
        var inspected = await Tool.RunAsync("skopeo", ["inspect", $"oci:{copy}:one"]);

        Assert.That(copied.Code, Is.Zero, copied.Errors);
        Assert.That(JsonReading.Parse(inspected.Output).Text("Architecture"), Is.EqualTo(architecture));
    }

    [TestCase("amd64")]
    [TestCase("arm64")]
    [Category("Worker")]
    public async Task Umoci_unpacks_the_image(string architecture)
    {
        var copy = Path.Combine(_version.Output, $"umoci-{architecture}");
        var copied = await Tool.RunAsync("skopeo", ["--override-arch", architecture, "copy", $"oci:{_version["image"]}", $"oci:{copy}:one"]);
        var bundle = Path.Combine(_version.Output, $"bundle-{architecture}");
        var unpacked = await Tool.RunAsync("umoci", ["unpack", "--rootless", "--image", $"{copy}:one", bundle]);

        Assert.That((copied.Code, unpacked.Code), Is.EqualTo((0, 0)), copied.Errors + unpacked.Errors);
        Assert.That(await File.ReadAllTextAsync(Path.Combine(bundle, "rootfs", "app", PackedVersion.Program)), Is.EqualTo($"program for {architecture}"));
    }

    private JsonElement Manifest(string architecture) =>
        _layout.Json(_image.Items("manifests").Single(entry => entry.Text("platform", "architecture") == architecture));
}
