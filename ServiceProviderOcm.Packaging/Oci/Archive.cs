using System.Formats.Tar;
using System.IO.Compression;

namespace ServiceProviderOcm.Packaging.Oci;

/// <summary>
/// Tar archives that depend on content only: sorted entries, all of root and with one time, and modes without what a umask changes.
/// </summary>
public static class Archive
{
    private const UnixFileMode Read = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const UnixFileMode Write = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>The content of a folder.</summary>
    /// <param name="folder">The folder. It is not an entry itself.</param>
    /// <param name="prefix">The folder in the archive, such as <c>app/</c>; empty for none.</param>
    /// <param name="time">The time of each entry.</param>
    public static byte[] OfFolder(string folder, string prefix, DateTimeOffset time)
    {
        using var content = new MemoryStream();
        using (var archive = new TarWriter(content, TarEntryFormat.Ustar, leaveOpen: true))
        {
            for (var end = prefix.IndexOf('/'); end >= 0; end = prefix.IndexOf('/', end + 1))
            {
                Add(archive, new UstarTarEntry(TarEntryType.Directory, prefix[..(end + 1)]), Directories(sticky: false), time);
            }

            AddFolder(archive, new DirectoryInfo(folder), prefix, time);
        }

        return content.ToArray();
    }

    /// <summary>Compresses content. Equal content is equal bytes with one version of .NET.</summary>
    public static byte[] Compress(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return compressed.ToArray();
    }

    private static void AddFolder(TarWriter archive, DirectoryInfo folder, string prefix, DateTimeOffset time)
    {
        foreach (var item in folder.EnumerateFileSystemInfos().OrderBy(item => item.Name, StringComparer.Ordinal))
        {
            var name = prefix + item.Name;
            if (item.LinkTarget is { } target)
            {
                Add(archive, new UstarTarEntry(TarEntryType.SymbolicLink, name) { LinkName = target }, Read | Execute | Write | UnixFileMode.UserWrite, time);
            }
            else if (item is DirectoryInfo inner)
            {
                Add(archive, new UstarTarEntry(TarEntryType.Directory, name + "/"), Directories(inner.UnixFileMode.HasFlag(UnixFileMode.StickyBit)), time);
                AddFolder(archive, inner, name + "/", time);
            }
            else
            {
                using var content = File.OpenRead(item.FullName);
                var mode = Read | UnixFileMode.UserWrite | (item.UnixFileMode.HasFlag(UnixFileMode.UserExecute) ? Execute : 0);
                Add(archive, new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = content }, mode, time);
            }
        }
    }

    // A sticky one is /tmp.
    private static UnixFileMode Directories(bool sticky) =>
        Read | Execute | UnixFileMode.UserWrite | (sticky ? Write | UnixFileMode.StickyBit : 0);

    private static void Add(TarWriter archive, UstarTarEntry entry, UnixFileMode mode, DateTimeOffset time)
    {
        entry.Mode = mode;
        entry.ModificationTime = time;
        entry.Uid = 0;
        entry.Gid = 0;
        entry.UserName = "";
        entry.GroupName = "";
        archive.WriteEntry(entry);
    }
}
