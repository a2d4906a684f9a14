using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Yaml;

namespace ServiceProviderOcm.Sandbox.Demo.Files;

/// <summary>The manifests that are embedded in the program.</summary>
internal static class EmbeddedFiles
{
    /// <summary>The text of a file.</summary>
    /// <param name="name">Such as <c>samples/ocm.yaml</c>.</param>
    public static string Text(string name)
    {
        using var stream = typeof(EmbeddedFiles).Assembly.GetManifestResourceStream(name)
            ?? throw new ArgumentException($"there is no {name}", nameof(name));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>The objects in a file; the caller may change them.</summary>
    public static IReadOnlyList<JsonObject> Read(string name) => YamlManifests.Parse(Text(name));
}
