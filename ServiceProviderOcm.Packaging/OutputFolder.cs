namespace ServiceProviderOcm.Packaging;

/// <summary>A folder whose content is replaced as a whole, once the new one is complete.</summary>
internal static class OutputFolder
{
    /// <summary>Replaces a folder.</summary>
    /// <param name="folder">The folder. Only one that was made by the same command is replaced.</param>
    /// <param name="mark">A file that each such folder has.</param>
    /// <param name="write">Writes the content into the folder that it is given, and returns the digest of the image.</param>
    /// <returns>The digest.</returns>
    /// <exception cref="InvalidDataException">The folder has other content.</exception>
    public static string Replace(string folder, string mark, Func<string, string> write)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).Any() && !File.Exists(Path.Combine(full, mark)))
        {
            throw new InvalidDataException($"{full} exists and has no {mark}: it was not made by this command. Remove it, or name another folder");
        }

        var temporary = $"{full}.new";
        Remove(temporary);
        var digest = write(temporary);
        Remove(full);
        Directory.Move(temporary, full);
        return digest;
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
