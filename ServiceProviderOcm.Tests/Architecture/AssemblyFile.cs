using Mono.Cecil;

namespace ServiceProviderOcm.Tests.Architecture;

internal static class AssemblyFile
{
    public static ModuleDefinition Read(string path)
    {
        var resolver = new DefaultAssemblyResolver();
        foreach (var folder in LoadedFrom().Append(Path.GetDirectoryName(path)!))
        {
            resolver.AddSearchDirectory(folder);
        }

        return ModuleDefinition.ReadModule(path, new ReaderParameters { AssemblyResolver = resolver });
    }

    // where the runtime finds this process' assemblies, those of the shared frameworks included
    private static IEnumerable<string> LoadedFrom() =>
        ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(file => Path.GetDirectoryName(file)!)
            .Distinct();
}
