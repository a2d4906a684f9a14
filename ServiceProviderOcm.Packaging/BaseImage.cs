using System.Text.Json.Nodes;
using ServiceProviderOcm.Packaging.Oci;

namespace ServiceProviderOcm.Packaging;

/// <summary>Writes the layout of a base image.</summary>
public static class BaseImage
{
    /// <summary>Writes the layout, and returns the digest of the image.</summary>
    /// <param name="roots">The folder with the files, by architecture.</param>
    /// <param name="created">The time of all files.</param>
    /// <param name="output">The folder to be created.</param>
    /// <exception cref="InvalidDataException">The folder exists, and is no layout.</exception>
    public static string Write(IReadOnlyDictionary<string, string> roots, DateTimeOffset created, string output) =>
        OutputFolder.Replace(output, "oci-layout", folder => WriteLayout(roots, created, folder));

    private static string WriteLayout(IReadOnlyDictionary<string, string> roots, DateTimeOffset created, string output)
    {
        var annotations = new Dictionary<string, string> { ["org.opencontainers.image.title"] = "base of service-provider-ocm" };
        var layout = new LayoutWriter(output);
        var builder = new ImageBuilder(layout, created, annotations);
        var images = roots.OrderBy(root => root.Key, StringComparer.Ordinal)
            .Select(root => builder.Base(root.Key, root.Value, Settings()))
            .ToList();
        return layout.Complete(images, annotations, "base").Digest;
    }

    private static JsonObject Settings() => new()
    {
        ["Env"] = new JsonArray("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "APP_UID=1654"),
        ["User"] = "1654:1654",
    };
}
