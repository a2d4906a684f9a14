using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Yaml;

namespace ServiceProviderOcm.Sandbox.Setup;

/// <summary>The manifests that are embedded in the program, so that it works in any folder.</summary>
internal static class Resources
{
    /// <summary>The text of a file.</summary>
    /// <param name="name">Such as <c>samples/ocm.yaml</c>.</param>
    public static string Text(string name)
    {
        using var stream = typeof(Resources).Assembly.GetManifestResourceStream(name)
            ?? throw new ArgumentException($"there is no {name}", nameof(name));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>The objects in a file, for the caller to change.</summary>
    public static IReadOnlyList<JsonObject> Read(string name) => YamlManifests.Parse(Text(name));
}
