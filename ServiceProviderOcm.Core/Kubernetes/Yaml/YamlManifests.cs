using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using YamlDotNet.Core;

namespace ServiceProviderOcm.Core.Kubernetes.Yaml;

/// <summary>Reads YAML manifests as Kubernetes' tools do: quoted scalars are strings, and JSON is YAML.</summary>
public static class YamlManifests
{
    /// <summary>All documents of a text that have content.</summary>
    /// <exception cref="YamlException">The text is not YAML.</exception>
    public static IReadOnlyList<JsonObject> Parse(string yaml) =>
        [.. YamlReader.Read(yaml, YamlRules.Manifests, out _).OfType<JsonObject>()];

    /// <summary>All objects of a text, with their positions. The items of a <c>List</c> are returned one by one.</summary>
    /// <param name="file">The file's name, for positions.</param>
    /// <param name="yaml">Its content.</param>
    /// <exception cref="ManifestException">The text is not YAML, or a document is not an object.</exception>
    public static IReadOnlyList<SourcedObject> Read(string file, string yaml)
    {
        try
        {
            var documents = YamlReader.Read(yaml, YamlRules.Manifests, out var lines);
            return [.. documents.SelectMany(Items).OfType<JsonNode>().Select(node => Sourced(node, Position(node)))];

            SourcePosition Position(JsonNode node) => new(file, lines.GetValueOrDefault(node, 1));
        }
        catch (YamlException exception)
        {
            throw new ManifestException(new SourcePosition(file, exception.Start.Line), $"is not valid YAML: {exception.Message}");
        }
    }

    private static IEnumerable<JsonNode?> Items(JsonNode? document) =>
        document is JsonObject list && IsText(list["kind"], "List") && IsText(list["apiVersion"], "v1") && list["items"] is JsonArray items
            ? items
            : [document];

    private static bool IsText(JsonNode? node, string text) =>
        node is JsonValue value && value.TryGetValue<string>(out var found) && found == text;

    private static SourcedObject Sourced(JsonNode content, SourcePosition at) => content is JsonObject json
        ? new SourcedObject(KubeObject.From(json), at)
        : throw new ManifestException(at, "is not an object; a manifest has apiVersion, kind and metadata");
}
