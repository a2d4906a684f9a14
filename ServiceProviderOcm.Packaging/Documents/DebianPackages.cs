using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Packaging.Oci;

namespace ServiceProviderOcm.Packaging.Documents;

/// <summary>The packages of a base image that lists them as Debian does, in <c>/var/lib/dpkg/status.d</c> or <c>/var/lib/dpkg/status</c>.</summary>
public static class DebianPackages
{
    /// <summary>All packages in the layers of an image.</summary>
    public static IReadOnlyList<DebianPackage> Of(LayoutReader layout, JsonElement manifest)
    {
        var files = manifest.Items("layers").Select(Descriptor.From).SelectMany(layer => InLayer(layer.MediaType, layout.Read(layer))).ToList();
        var distribution = files.Where(file => IsRelease(file.Path)).Select(file => Distribution.Parse(file.Content)).LastOrDefault(Distribution.Unknown);
        return
        [
            .. files.Where(file => IsStatus(file.Path)).SelectMany(file => Parse(file.Content))
                .Select(package => package with { Distribution = distribution })
                .Distinct().OrderBy(package => package.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>The packages of a file in the format of dpkg's status: paragraphs of fields.</summary>
    public static IEnumerable<DebianPackage> Parse(string status) =>
        from paragraph in status.Split("\n\n")
        let fields = paragraph.Split('\n')
        let name = Field(fields, "Package")
        let version = Field(fields, "Version")
        where name is not null && version is not null
        select new DebianPackage(name, version, Field(fields, "Architecture") ?? "all", Source(Field(fields, "Source") ?? name));

    // Such as "openssl", or "glibc (2.36-9)" if the versions differ.
    private static string Source(string field) => string.Join('@', field.Split(" (", 2).Select(part => part.TrimEnd(')')));

    private static List<(string Path, string Content)> InLayer(string mediaType, byte[] content)
    {
        using var raw = new MemoryStream(content);
        using Stream layer = mediaType switch
        {
            MediaTypes.CompressedLayer => new GZipStream(raw, CompressionMode.Decompress),
            MediaTypes.Layer => raw,
            _ => throw new InvalidDataException($"Layers of type {mediaType} cannot be read. Use a base image with gzip layers"),
        };
        using var archive = new TarReader(layer);
        var found = new List<(string Path, string Content)>();
        while (archive.GetNextEntry() is { } entry)
        {
            var path = entry.Name.TrimStart('.', '/');
            if ((IsStatus(path) || IsRelease(path)) && entry.DataStream is { } data)
            {
                using var text = new StreamReader(data);
                found.Add((path, text.ReadToEnd()));
            }
        }

        return found;
    }

    private static bool IsRelease(string path) => path is "etc/os-release" or "usr/lib/os-release";

    private static bool IsStatus(string path) =>
        path == "var/lib/dpkg/status"
        || (path.StartsWith("var/lib/dpkg/status.d/", StringComparison.Ordinal) && !path.EndsWith(".md5sums", StringComparison.Ordinal));

    private static string? Field(string[] lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith(name + ": ", StringComparison.Ordinal))?[(name.Length + 2)..].Trim();
}
