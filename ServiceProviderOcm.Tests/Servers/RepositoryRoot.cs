namespace ServiceProviderOcm.Tests.Servers;

/// <summary>Finds the repository that the tests were built from.</summary>
public static class RepositoryRoot
{
    private const string Landmark = "scripts/envtest";

    /// <summary>The nearest folder above the test assembly that has the landmark of the repository's root.</summary>
    public static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Landmark)))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"no folder above {AppContext.BaseDirectory} has {Landmark}");
    }
}
