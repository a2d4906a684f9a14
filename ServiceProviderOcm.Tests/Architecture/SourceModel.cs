using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Architecture;

/// <summary>All sources of this repository, and which of their types use which.</summary>
internal sealed class SourceModel
{
    private static readonly string[] Projects = ["Core", "Worker", "Sandbox", "Packaging", "Tests"];

    private SourceModel(IReadOnlyList<SourceFile> files, IReadOnlyList<TypeUse> uses)
    {
        Files = files;
        Uses = uses;
    }

    public IReadOnlyList<SourceFile> Files { get; }

    public IReadOnlyList<TypeUse> Uses { get; }

    public IEnumerable<string> Folders => Files.Select(file => file.Type.Folder).Distinct();

    public static SourceModel Read()
    {
        var folder = AppContext.BaseDirectory;
        var assemblies = Projects.Select(project => Path.Combine(folder, $"ServiceProviderOcm.{project}.dll")).ToList();
        var files = Projects.SelectMany(project => SourceFile.Of(RepositoryRoot.Find(), project)).ToList();
        var inlined = new InlinedReferences(assemblies);
        return new SourceModel(files, [.. assemblies.SelectMany(CompiledReferences.Of), .. files.SelectMany(inlined.In)]);
    }
}
