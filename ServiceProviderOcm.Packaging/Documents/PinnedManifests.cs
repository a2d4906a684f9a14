namespace ServiceProviderOcm.Packaging.Documents;

/// <summary>The folder <c>deploy</c> with the image's digest in place of a tag, and links to the documents of its version.</summary>
public static class PinnedManifests
{
    private const string Name = "registry.example.com/service-provider-ocm";
    private const string Documents = "https://git.example.com/service-provider-ocm/blob/main/docs/";

    private static readonly string[] ServiceProviders =
        ["openmcp-operator/serviceprovider.yaml", "openmcp-operator/serviceprovider-open-control-plane.yaml"];

    /// <summary>Copies the folder.</summary>
    /// <param name="deploy">The folder <c>deploy</c>.</param>
    /// <param name="target">A folder to be created.</param>
    /// <param name="facts">The version.</param>
    /// <param name="digest">The digest of its image.</param>
    /// <exception cref="InvalidDataException">A file does not name the image as expected.</exception>
    public static void Write(string deploy, string target, VersionFacts facts, string digest)
    {
        foreach (var file in Directory.EnumerateFiles(deploy, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(deploy, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        var kustomization = Path.Combine(target, "base", "kustomization.yaml");
        Replace(kustomization, $"newName: {Name}", $"newName: {facts.Image}");
        Replace(kustomization, "newTag: ", $"digest: {digest}");
        foreach (var file in ServiceProviders)
        {
            Replace(Path.Combine(target, file), $"image: {Name}:", $"image: {facts.Image}@{digest}");
        }

        var rule = Path.Combine(target, "monitoring", "prometheusrule.yaml");
        var documents = $"{facts.Source.OriginalString.TrimEnd('/')}/blob/{facts.Revision}/docs/";
        File.WriteAllText(rule, File.ReadAllText(rule).Replace(Documents, documents, StringComparison.Ordinal));
    }

    // The one line that begins so, whatever the tag.
    private static void Replace(string file, string start, string by)
    {
        var lines = File.ReadAllLines(file);
        var found = Enumerable.Range(0, lines.Length).Where(line => lines[line].TrimStart().StartsWith(start, StringComparison.Ordinal)).ToList();
        if (found is not [var index])
        {
            throw new InvalidDataException($"{file} has \"{start}\" {found.Count} times, and not once");
        }

        lines[index] = lines[index][..^lines[index].TrimStart().Length] + by;
        File.WriteAllText(file, string.Join('\n', lines) + "\n");
    }
}
