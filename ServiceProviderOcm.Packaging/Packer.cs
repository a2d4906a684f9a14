using System.Text.Json.Nodes;
using System.Xml.Linq;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Packaging.Documents;
using ServiceProviderOcm.Packaging.Oci;

namespace ServiceProviderOcm.Packaging;

/// <summary>Writes all files of a version. Equal input is equal bytes.</summary>
public static class Packer
{
    // The user of Microsoft's base images.
    private const string User = "1654:1654";
    private const string LockFile = "ServiceProviderOcm.Worker/packages.image.lock.json";

    /// <summary>Writes the files, and returns the digest of the image.</summary>
    /// <exception cref="InvalidDataException">The input is invalid; the message says what, and where.</exception>
    public static string Pack(PackOptions options)
    {
        var image = options.Facts.Image;
        if (image.AsSpan(image.LastIndexOf('/') + 1).ContainsAny(':', '@'))
        {
            throw new InvalidDataException($"The image {image} has a tag or a digest. Name it without; the version is its tag");
        }

        return OutputFolder.Replace(options.Output, Checksums.File, folder => Write(options with { Output = folder }));
    }

    private static string Write(PackOptions options)
    {
        var baseImage = new LayoutReader(options.BaseLayout);
        var digest = WriteImage(options, baseImage);
        WriteArchive(options, Path.Combine(options.Output, "image"), "image.tar.gz");
        // Whoever makes the version again needs the same base image.
        WriteArchive(options, options.BaseLayout, "base-layout.tar.gz", "base-layout/");
        PinnedManifests.Write(
            Path.Combine(options.Repository, "deploy"), Path.Combine(options.Output, "deploy"), options.Facts, digest);
        File.Delete(Path.Combine(options.Output, "deploy", "component-constructor.yaml"));
        WriteArchive(options, Path.Combine(options.Output, "deploy"), "deploy.tar.gz");
        WriteDocuments(options, baseImage, digest);
        Checksums.Write(options.Output);
        return digest;
    }

    private static string WriteImage(PackOptions options, LayoutReader baseImage)
    {
        var annotations = new Dictionary<string, string>(options.Facts.Annotations)
        {
            ["org.opencontainers.image.base.digest"] = baseImage.Digest,
        };
        if (options.BaseName is not null)
        {
            annotations["org.opencontainers.image.base.name"] = options.BaseName;
        }

        var layout = new LayoutWriter(Path.Combine(options.Output, "image"));
        var builder = new ImageBuilder(layout, options.Facts.Created, annotations);
        var images = options.Programs.OrderBy(program => program.Key, StringComparer.Ordinal)
            .Select(program => builder.Program(baseImage, program.Key, program.Value, "app/", Settings()))
            .ToList();
        return layout.Complete(images, annotations, options.Facts.Version).Digest;
    }

    // As in the Dockerfile.
    private static JsonObject Settings() => new()
    {
        ["Env"] = new JsonArray("DOTNET_EnableDiagnostics=0", "MALLOC_ARENA_MAX=1"),
        ["User"] = User,
        ["WorkingDir"] = "/app",
        ["Entrypoint"] = new JsonArray("/app/ServiceProviderOcm.Worker"),
    };

    private static void WriteArchive(PackOptions options, string folder, string file, string prefix = "") => File.WriteAllBytes(
        Path.Combine(options.Output, file), Archive.Compress(Archive.OfFolder(folder, prefix, options.Facts.Created)));

    private static void WriteDocuments(PackOptions options, LayoutReader baseImage, string digest)
    {
        var facts = options.Facts;
        var lockFile = File.ReadAllBytes(Path.Combine(options.Repository, LockFile));
        var inputs = new BuildInputs(baseImage.Digest, options.BaseName, lockFile, options.Sdk, options.Tools);
        IReadOnlyList<LockedPackage> packages =
        [
            .. LockedPackages.Read(JsonReading.Parse(lockFile), facts.Version),
            .. LockedPackages.RuntimePacks(XDocument.Load(Path.Combine(options.Repository, "Directory.Build.targets"))),
        ];
        IReadOnlyList<DebianPackage> basePackages =
        [
            .. options.Programs.Keys.Order(StringComparer.Ordinal)
                .SelectMany(architecture => DebianPackages.Of(baseImage, baseImage.Manifest(architecture))).Distinct(),
        ];
        Write("sbom.cdx.json", JsonText.Bytes(Sbom.Create(facts, digest, packages, basePackages)));
        Write("provenance.intoto.json", JsonText.Bytes(
            Provenance.Create(facts, digest, inputs, options.Builder, options.Invocation)));
        Write("changelog.md", Changelog.Section(Read("CHANGELOG.md"), facts.Version, options.IsReleased));
        Write("component-constructor.yaml", ComponentConstructor.Fill(Read("deploy/component-constructor.yaml"), new Dictionary<string, string>
        {
            ["COMPONENT"] = options.Component,
            ["PROVIDER"] = options.Provider,
            ["VERSION"] = facts.Version,
        }));

        string Read(string file) => File.ReadAllText(Path.Combine(options.Repository, file));
        void Write(string file, object content)
        {
            var path = Path.Combine(options.Output, file);
            File.WriteAllBytes(path, content as byte[] ?? System.Text.Encoding.UTF8.GetBytes((string)content));
        }
    }
}
