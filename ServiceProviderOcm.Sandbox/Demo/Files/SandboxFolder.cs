namespace ServiceProviderOcm.Sandbox.Demo.Files;

/// <summary>The temporary folder for all files of the sandbox. Only its user can read it.</summary>
internal sealed class SandboxFolder : IDisposable
{
    private readonly DirectoryInfo _folder = CreateFolder();

    /// <summary>Its path.</summary>
    public string Path => _folder.FullName;

    public string PathOf(string file) => System.IO.Path.Combine(_folder.FullName, file);

    /// <summary>Creates a file that can be read while it is open.</summary>
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

    /// <summary>Deletes the folder and its contents.</summary>
    public void Dispose() => _folder.Delete(recursive: true);

    private static DirectoryInfo CreateFolder()
    {
        try
        {
            return Directory.CreateTempSubdirectory("ocm-sandbox-");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"cannot create a folder in {System.IO.Path.GetTempPath()}: {exception.Message}", exception);
        }
    }
}
