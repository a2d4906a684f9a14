using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using YamlDotNet.Core;

namespace ServiceProviderOcm.Core.Kubernetes.Yaml;

/// <summary>Reads manifests as <c>kubectl</c> does: YAML documents, or JSON objects that follow each other, and lists of both.</summary>
public static class YamlManifests
{
    private const char ByteOrderMark = '\ufeff';
    private const string ListSuffix = "List";

    /// <summary>All documents of a text that have content.</summary>
    /// <exception cref="YamlException">The text is neither YAML nor JSON.</exception>
    public static IReadOnlyList<JsonObject> Parse(string text) => [.. Documents(text, out _).OfType<JsonObject>()];

    /// <summary>
    /// All objects of a text, with their positions. The <c>items</c> of a list are returned one by one; those of a typed list, such as
    /// an <c>OCMList</c>, need no type of their own.
    /// </summary>
    /// <param name="file">The file's name, for positions.</param>
    /// <param name="text">Its content.</param>
    /// <exception cref="ManifestException">The text is neither YAML nor JSON, or a document is not an object.</exception>
    public static IReadOnlyList<SourcedObject> Read(string file, string text)
    {
        try
        {
            var documents = Documents(text, out var lines);
            List<SourcedObject> objects = [];
            foreach (var document in documents)
            {
                AddObjects(document, Position, objects);
            }

            return objects;

            SourcePosition Position(JsonNode node) => new(file, lines.GetValueOrDefault(node, 1));
        }
        catch (YamlException exception)
        {
            throw new ManifestException(new SourcePosition(file, exception.Start.Line), $"is not valid YAML: {exception.Message}");
        }
    }

    private static IReadOnlyList<JsonNode?> Documents(string text, out IReadOnlyDictionary<JsonNode, long> lines)
    {
        var plain = text.TrimStart(ByteOrderMark).Replace($"---\n{ByteOrderMark}", "---\n", StringComparison.Ordinal);
        if (JsonStream.TryRead(plain, YamlRules.Manifests, out var documents, out var jsonLines))
        {
            lines = jsonLines;
            return documents;
        }

        return YamlReader.Read(plain, YamlRules.Manifests, out lines);
    }

    private static void AddObjects(JsonNode? node, Func<JsonNode, SourcePosition> position, List<SourcedObject> objects)
    {
        switch (node)
        {
            case null:
                return;
            case JsonObject list when list.TryGetPropertyValue("items", out var items):
                AddItems(list, items, position, objects);
                return;
            case JsonObject json:
                objects.Add(new SourcedObject(KubeObject.From(json), position(json)));
                return;
            default:
                throw new ManifestException(position(node), "is not an object; a manifest has apiVersion, kind and metadata");
        }
    }

    private static void AddItems(
        JsonObject list, JsonNode? items, Func<JsonNode, SourcePosition> position, List<SourcedObject> objects)
    {
        if (items is not (null or JsonArray))
        {
            throw new ManifestException(position(list), "has items that are not a list");
        }

        foreach (var item in items as JsonArray ?? [])
        {
            if (item is JsonObject json && json["kind"] is null && json["apiVersion"] is null && ItemKind(list) is { Length: > 0 } kind)
            {
                json["apiVersion"] = list["apiVersion"]?.DeepClone();
                json["kind"] = kind;
            }

            AddObjects(item, position, objects);
        }
    }

    private static string? ItemKind(JsonObject list) =>
        list["kind"] is JsonValue value && value.TryGetValue<string>(out var kind) && kind.EndsWith(ListSuffix, StringComparison.Ordinal)
            ? kind[..^ListSuffix.Length]
            : null;
}
