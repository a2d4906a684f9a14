using System.Text.Json.Nodes;

namespace ServiceProviderOcm.Packaging.Oci;

/// <summary>Writes an OCI image layout with one image for several architectures.</summary>
public sealed class LayoutWriter
{
    private readonly string _folder;

    /// <param name="folder">An empty folder, or one to be created.</param>
    public LayoutWriter(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(Path.Combine(folder, "blobs", "sha256"));
    }

    /// <summary>Adds a blob, once.</summary>
    public Descriptor Add(string mediaType, byte[] content)
    {
        var digest = Digests.Of(content);
        var file = Path.Combine(_folder, "blobs", "sha256", Digests.Hex(digest));
        if (!File.Exists(file))
        {
            File.WriteAllBytes(file, content);
        }

        return new Descriptor(mediaType, digest, content.LongLength);
    }

    /// <summary>Adds the image index, and the files that make the folder a layout.</summary>
    /// <param name="images">The image of each architecture.</param>
    /// <param name="annotations">Annotations of the image.</param>
    /// <param name="tag">The tag by which it is found in the layout.</param>
    /// <returns>The image.</returns>
    public Descriptor Complete(IEnumerable<Descriptor> images, IReadOnlyDictionary<string, string> annotations, string tag)
    {
        var index = Add(MediaTypes.Index, JsonText.Bytes(new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = MediaTypes.Index,
            ["manifests"] = JsonText.List(images.Select(image => image.ToJson())),
            ["annotations"] = JsonText.Map(annotations),
        }));
        var tagged = index with
        {
            Annotations = new Dictionary<string, string> { ["org.opencontainers.image.ref.name"] = tag, ["software.ocm/tags"] = tag },
        };
        Write("index.json", new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = MediaTypes.Index,
            ["manifests"] = new JsonArray(tagged.ToJson()),
            // By this, ocm knows which image a component's resource is.
            ["annotations"] = new JsonObject { ["software.ocm/main"] = index.Digest },
        });
        Write("oci-layout", new JsonObject { ["imageLayoutVersion"] = "1.0.0" });
        return index;
    }

    private void Write(string file, JsonObject json) => File.WriteAllBytes(Path.Combine(_folder, file), JsonText.Bytes(json));
}
