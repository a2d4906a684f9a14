namespace ServiceProviderOcm.Sandbox.Setup;

/// <summary>The one folder that the program writes to, for the user alone to read. It goes with the program.</summary>
internal sealed class SandboxFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Make();

    /// <summary>The path of a file in it.</summary>
    public string PathOf(string file) => Path.Combine(_folder.FullName, file);

    /// <summary>Opens a new file, which others may read along.</summary>
    public FileStream Create(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(PathOf(file), options);
    }

    /// <summary>Writes a new file.</summary>
    /// <returns>Its path.</returns>
    public string Write(string file, string content)
    {
        using var writer = new StreamWriter(Create(file));
        writer.Write(content);
        return PathOf(file);
    }

    /// <summary>Removes the folder and all that is in it.</summary>
    public void Dispose() => _folder.Delete(recursive: true);

    private static DirectoryInfo Make()
    {
        try
        {
            return Directory.CreateTempSubdirectory("ocm-sandbox-");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"no folder can be made in {Path.GetTempPath()}: {exception.Message}", exception);
        }
    }
}
