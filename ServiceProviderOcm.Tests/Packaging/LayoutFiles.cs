using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Packaging;

/// <summary>Reads an OCI image layout as the specification says, without the code that has written it.</summary>
internal sealed class LayoutFiles(string folder)
{
    private readonly HashSet<string> _read = [];

    public JsonElement Index => JsonReading.Parse(File.ReadAllText(Path.Combine(folder, "index.json")));

    /// <summary>The digests of blobs that nothing that was read refers to.</summary>
    public IEnumerable<string> Unreferenced => Directory.EnumerateFiles(Path.Combine(folder, "blobs", "sha256"))
        .Select(file => Path.GetFileName(file)!).Except(_read);

    /// <summary>The content of a blob. Asserts its digest and size.</summary>
    public byte[] Blob(JsonElement descriptor)
    {
        var digest = descriptor.Text("digest")!;
        Assert.That(digest, Does.Match("^sha256:[0-9a-f]{64}$"));
        var content = File.ReadAllBytes(Path.Combine(folder, "blobs", "sha256", digest[7..]));
        Assert.That($"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}", Is.EqualTo(digest));
        Assert.That(content, Has.Length.EqualTo(descriptor.Number("size")));
        _read.Add(digest[7..]);
        return content;
    }

    public JsonElement Json(JsonElement descriptor) => JsonReading.Parse(Blob(descriptor));

    /// <summary>The uncompressed content of a layer.</summary>
    public byte[] Layer(JsonElement descriptor)
    {
        using var unpacked = new GZipStream(new MemoryStream(Blob(descriptor)), CompressionMode.Decompress);
        using var content = new MemoryStream();
        unpacked.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>The entries of a layer, with their modes, owners and times.</summary>
    public static IReadOnlyList<TarEntry> Entries(byte[] layer)
    {
        using var archive = new TarReader(new MemoryStream(layer));
        var entries = new List<TarEntry>();
        while (archive.GetNextEntry(copyData: true) is { } entry)
        {
            entries.Add(entry);
        }

        return entries;
    }
}
