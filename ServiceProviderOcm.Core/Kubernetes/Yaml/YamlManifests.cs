using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ServiceProviderOcm.Core.Kubernetes.Yaml;

/// <summary>Reads YAML manifests the way Kubernetes does: what is quoted stays text. JSON is YAML, too.</summary>
public static class YamlManifests
{
    /// <summary>All documents of a text that have content.</summary>
    /// <exception cref="YamlException">The text is no YAML.</exception>
    public static IReadOnlyList<JsonObject> Parse(string yaml)
    {
        var conversion = new YamlConversion();
        return [.. Roots(yaml).Select(conversion.Convert).OfType<JsonObject>()];
    }

    /// <summary>All objects of a text, with where they begin; those in a <c>List</c>, as <c>kubectl get</c> prints it, one by one.</summary>
    /// <param name="file">The file's name, for positions.</param>
    /// <param name="yaml">Its content.</param>
    /// <exception cref="ManifestException">The text is no YAML, or has something in it that is no object.</exception>
    public static IReadOnlyList<SourcedObject> Read(string file, string yaml)
    {
        try
        {
            var conversion = new YamlConversion();
            return [.. Roots(yaml).SelectMany(Items).Select(node => Sourced(file, node, conversion.Convert(node))).OfType<SourcedObject>()];
        }
        catch (YamlException exception)
        {
            throw new ManifestException(new SourcePosition(file, exception.Start.Line), $"is no valid YAML: {exception.Message}");
        }
    }

    private static IEnumerable<YamlNode> Roots(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return stream.Documents.Select(document => document.RootNode);
    }

    private static IEnumerable<YamlNode> Items(YamlNode root) =>
        root is YamlMappingNode list && Text(list, "kind") == "List" && Text(list, "apiVersion") == "v1"
            && list.Children.TryGetValue("items", out var items) && items is YamlSequenceNode sequence
            ? sequence.Children
            : [root];

    private static string? Text(YamlMappingNode node, string name) =>
        node.Children.TryGetValue(name, out var value) && value is YamlScalarNode scalar ? scalar.Value : null;

    // A document of nothing but comments is null.
    private static SourcedObject? Sourced(string file, YamlNode node, JsonNode? content)
    {
        var at = new SourcePosition(file, node.Start.Line);
        return content switch
        {
            null => null,
            JsonObject json => new SourcedObject(KubeObject.From(json), at),
            _ => throw new ManifestException(at, "is no object; a manifest has apiVersion, kind and metadata"),
        };
    }
}
