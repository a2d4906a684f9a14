using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Deploy;

/// <summary>An overlay as a user writes one, in a folder of its own.</summary>
internal sealed class Overlay : IDisposable
{
    private static readonly string[] Folders = ["base", "monitoring", "otlp"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("overlay-");

    /// <summary>Writes it.</summary>
    /// <param name="content">The kustomization, with BASE, MONITORING and OTLP for the paths of those folders.</param>
    public Overlay(string content) => File.WriteAllText(
        Path.Combine(_folder.FullName, "kustomization.yaml"),
        Folders.Aggregate(content, (text, name) => text.Replace(name.ToUpperInvariant(), PathTo(name), StringComparison.Ordinal)));

    public string Folder => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);

    private string PathTo(string folder) =>
        Path.GetRelativePath(_folder.FullName, Path.Combine(RepositoryRoot.Find(), "deploy", folder));
}
