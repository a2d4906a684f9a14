using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Packaging.Oci;

/// <summary>Reads an OCI image layout. Every blob is compared with its descriptor.</summary>
/// <param name="folder">The folder that has <c>index.json</c>.</param>
public sealed class LayoutReader(string folder)
{
    private const int MaxDepth = 4;

    /// <summary>The digest of what <c>index.json</c> names: of the image for all architectures.</summary>
    /// <exception cref="InvalidDataException">The layout has not exactly one image.</exception>
    public string Digest => Roots() is [var root]
        ? root.Digest
        : throw new InvalidDataException($"{folder} has not one image, but {Roots().Count}. Copy one image into a layout of its own");

    /// <summary>The manifest of the image for linux and an architecture.</summary>
    /// <exception cref="InvalidDataException">The layout is invalid, or has no such image.</exception>
    public JsonElement Manifest(string architecture) =>
        Roots().Select(root => Find(root, architecture, MaxDepth)).FirstOrDefault(found => found is not null)
        ?? throw new InvalidDataException($"{folder} has no image for linux/{architecture}");

    /// <summary>The content of a blob.</summary>
    /// <exception cref="InvalidDataException">The content does not match the descriptor.</exception>
    public byte[] Read(Descriptor blob)
    {
        var content = File.ReadAllBytes(Path.Combine(folder, "blobs", "sha256", Digests.Hex(blob.Digest)));
        return content.LongLength == blob.Size && Digests.Of(content) == blob.Digest
            ? content
            : throw new InvalidDataException($"Blob {blob.Digest} in {folder} does not match its descriptor");
    }

    private List<Descriptor> Roots()
    {
        var index = JsonReading.Parse(File.ReadAllBytes(Path.Combine(folder, "index.json")));
        return [.. index.Items("manifests").Select(Descriptor.From)];
    }

    private JsonElement? Find(Descriptor from, string architecture, int depth)
    {
        if (from.MediaType == MediaTypes.Index && depth > 0)
        {
            return JsonReading.Parse(Read(from)).Items("manifests").Select(Descriptor.From)
                .Where(entry => entry.MediaType == MediaTypes.Index || entry.Architecture == architecture)
                .Select(entry => Find(entry, architecture, depth - 1))
                .FirstOrDefault(found => found is not null);
        }

        if (from.MediaType != MediaTypes.Manifest)
        {
            return null;
        }

        var manifest = JsonReading.Parse(Read(from));
        var config = JsonReading.Parse(Read(Descriptor.From(manifest.At("config") ?? throw new InvalidDataException("A manifest has no config"))));
        return config.Text("os") == "linux" && config.Text("architecture") == architecture ? manifest : null;
    }
}
