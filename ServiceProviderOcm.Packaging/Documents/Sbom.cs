using System.Text.Json.Nodes;
using ServiceProviderOcm.Packaging.Oci;

namespace ServiceProviderOcm.Packaging.Documents;

/// <summary>The bill of materials of the image, in CycloneDX 1.6.</summary>
public static class Sbom
{
    // They work while the program is built, and leave nothing in it.
    private static readonly string[] BuildOnly =
    [
        "Microsoft.CodeAnalysis.BannedApiAnalyzers", "Microsoft.NET.ILLink.Tasks", "Nerdbank.GitVersioning", "Vecc.YamlDotNet.Analyzers.StaticGenerator",
        "Microsoft.DotNet.ILCompiler", "runtime.linux-arm64.Microsoft.DotNet.ILCompiler", "runtime.linux-x64.Microsoft.DotNet.ILCompiler",
    ];

    /// <param name="facts">The version.</param>
    /// <param name="digest">The digest of the image.</param>
    /// <param name="packages">The packages and projects of the program.</param>
    /// <param name="basePackages">Those of the base image.</param>
    public static JsonObject Create(
        VersionFacts facts, string digest, IReadOnlyList<LockedPackage> packages, IReadOnlyList<DebianPackage> basePackages)
    {
        var known = packages.ToDictionary(package => package.Name, Reference, StringComparer.OrdinalIgnoreCase);
        var image = $"pkg:oci/{VersionFacts.Product}@{Uri.EscapeDataString(digest)}";
        return new JsonObject
        {
            ["$schema"] = "http://cyclonedx.org/schema/bom-1.6.schema.json",
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.6",
            ["version"] = 1,
            ["metadata"] = new JsonObject
            {
                ["timestamp"] = facts.Time,
                ["component"] = new JsonObject
                {
                    ["type"] = "container",
                    ["bom-ref"] = image,
                    ["name"] = VersionFacts.Product,
                    ["version"] = facts.Version,
                    ["purl"] = $"{image}?repository_url={Uri.EscapeDataString(facts.Image)}&tag={Uri.EscapeDataString(facts.Version)}",
                    ["licenses"] = new JsonArray(new JsonObject { ["license"] = new JsonObject { ["id"] = "Apache-2.0" } }),
                },
            },
            ["components"] = JsonText.List([.. packages.Select(Component), .. basePackages.Select(Component)]),
            ["dependencies"] = JsonText.List(
            [
                Depends(image, [.. packages.Where(package => package.IsDirect).Select(Reference), .. basePackages.Select(package => package.Purl)]),
                .. packages.Select(package => Depends(Reference(package), package.Dependencies.Where(known.ContainsKey).Select(name => known[name]))),
            ]),
        };
    }

    private static JsonObject Component(LockedPackage package)
    {
        var component = new JsonObject
        {
            ["type"] = "library",
            ["bom-ref"] = Reference(package),
            ["name"] = package.Name,
            ["version"] = package.Version,
            ["scope"] = BuildOnly.Contains(package.Name, StringComparer.OrdinalIgnoreCase) ? "excluded" : "required",
            ["purl"] = Reference(package),
        };
        if (package.ContentHash is not null)
        {
            // NuGet's own: it leaves out the signature, and thus is not the hash of the file.
            component["properties"] = new JsonArray(new JsonObject { ["name"] = "nuget:contentHash", ["value"] = package.ContentHash });
        }

        return component;
    }

    private static JsonObject Component(DebianPackage package) => new()
    {
        ["type"] = "library",
        ["bom-ref"] = package.Purl,
        ["name"] = package.Name,
        ["version"] = package.Version,
        ["scope"] = "required",
        ["purl"] = package.Purl,
    };

    private static JsonObject Depends(string reference, IEnumerable<string> on) => new()
    {
        ["ref"] = reference,
        ["dependsOn"] = JsonText.List(on.Distinct().Order(StringComparer.Ordinal).Select(other => JsonValue.Create(other))),
    };

    private static string Reference(LockedPackage package) =>
        $"pkg:{(package.IsProject ? "generic" : "nuget")}/{package.Name}@{Uri.EscapeDataString(package.Version)}";
}
