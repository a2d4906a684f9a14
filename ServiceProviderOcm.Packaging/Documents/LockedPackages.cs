using System.Text.Json;
using System.Xml.Linq;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Packaging.Documents;

/// <summary>What the published program consists of, as it is locked in the repository.</summary>
public static class LockedPackages
{
    private static readonly string[] Packs =
    [
        "Microsoft.AspNetCore.App.Runtime.linux-arm64",
        "Microsoft.AspNetCore.App.Runtime.linux-x64",
        "Microsoft.NETCore.App.Runtime.NativeAOT.linux-arm64",
        "Microsoft.NETCore.App.Runtime.NativeAOT.linux-x64",
    ];

    /// <summary>The packages of <c>packages.image.lock.json</c>, for all architectures.</summary>
    /// <param name="lockFile">The content of the file.</param>
    /// <param name="version">The version of the projects in it.</param>
    /// <exception cref="InvalidDataException">A package has two versions.</exception>
    public static IReadOnlyList<LockedPackage> Read(JsonElement lockFile, string version)
    {
        var packages = new SortedDictionary<string, LockedPackage>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in lockFile.At("dependencies")!.Value.EnumerateObject().SelectMany(target => target.Value.EnumerateObject()))
        {
            var package = new LockedPackage(
                entry.Name,
                entry.Value.Text("resolved") ?? version,
                entry.Value.Text("contentHash"),
                entry.Value.Text("type") == "Project",
                entry.Value.Text("type") is "Direct" or "Project",
                [.. entry.Value.TextMap("dependencies").Keys.Order(StringComparer.OrdinalIgnoreCase)]);
            if (packages.TryGetValue(entry.Name, out var known) && known.Version != package.Version)
            {
                throw new InvalidDataException($"{entry.Name} is locked in two versions, {known.Version} and {package.Version}");
            }

            // An architecture has dependencies of its own.
            packages[entry.Name] = known is null
                ? package
                : known with { Dependencies = [.. known.Dependencies.Union(package.Dependencies, StringComparer.OrdinalIgnoreCase)] };
        }

        return [.. packages.Values];
    }

    /// <summary>The packs of the SDK that are compiled into the program. Their version is fixed in <c>Directory.Build.targets</c>.</summary>
    /// <param name="targets">The content of that file.</param>
    /// <exception cref="InvalidDataException">The file does not fix the version.</exception>
    public static IReadOnlyList<LockedPackage> RuntimePacks(XDocument targets)
    {
        var version = targets.Descendants("RuntimePackVersion").FirstOrDefault()?.Value
            ?? throw new InvalidDataException("Directory.Build.targets has no RuntimePackVersion");
        return [.. Packs.Select(name => new LockedPackage(name, version, null, IsProject: false, IsDirect: true, []))];
    }
}
