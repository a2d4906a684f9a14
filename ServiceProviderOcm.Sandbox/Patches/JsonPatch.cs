using System.Globalization;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.Errors;
using ServiceProviderOcm.Sandbox.Json;

namespace ServiceProviderOcm.Sandbox.Patches;

/// <summary>JSON patch, RFC 6902.</summary>
internal static class JsonPatch
{
    /// <summary>The value with all operations applied, in their order; neither is changed.</summary>
    /// <exception cref="StatusException">An operation is malformed (400), or does not fit or is a test that fails (422).</exception>
    public static JsonNode? Apply(JsonNode? target, JsonArray patch)
    {
        var root = target?.DeepClone();
        foreach (var operation in patch)
        {
            var path = Pointer(operation.Text("path") ?? throw Refusals.BadRequest("a JSON patch operation has no path"));
            root = operation.Text("op") switch
            {
                "add" => Set(root, path, operation.At("value"), add: true),
                "remove" => Remove(root, path),
                "replace" => Set(root, path, operation.At("value"), add: false),
                "test" => Test(root, path, operation.At("value")),
                "copy" => Set(root, path, Get(root, From(operation)), add: true),
                "move" => Set(Remove(root, From(operation)), path, Get(root, From(operation)), add: true),
                var unknown => throw Refusals.BadRequest($"JSON patch knows no operation \"{unknown}\""),
            };
        }

        return root;
    }

    private static string[] From(JsonNode? operation) =>
        Pointer(operation.Text("from") ?? throw Refusals.BadRequest("a JSON patch operation has no from"));

    private static string[] Pointer(string text) => text.Length == 0
        ? []
        : text[0] == '/'
            ? [.. text[1..].Split('/').Select(step =>
                step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))]
            : throw Refusals.BadRequest($"\"{text}\" is no JSON pointer");

    private static JsonNode? Get(JsonNode? node, string[] path)
    {
        foreach (var step in path)
        {
            node = node switch
            {
                JsonObject map when map.TryGetPropertyValue(step, out var child) => child,
                JsonArray list => list[Index(list, step, list.Count - 1, path)],
                _ => throw Missing(path),
            };
        }

        return node;
    }

    private static JsonNode? Set(JsonNode? root, string[] path, JsonNode? value, bool add)
    {
        value = value?.DeepClone();
        if (path.Length == 0)
        {
            return value;
        }

        switch (Get(root, path[..^1]))
        {
            case JsonObject map when add || map.ContainsKey(path[^1]):
                map[path[^1]] = value;
                return root;
            case JsonArray list when add:
                list.Insert(path[^1] == "-" ? list.Count : Index(list, path[^1], list.Count, path), value);
                return root;
            case JsonArray list:
                list[Index(list, path[^1], list.Count - 1, path)] = value;
                return root;
            default:
                throw Missing(path);
        }
    }

    private static JsonNode? Remove(JsonNode? root, string[] path)
    {
        if (path.Length == 0)
        {
            return null;
        }

        // What a move takes away is read before, from the value as it was.
        var copy = root?.DeepClone();
        switch (Get(copy, path[..^1]))
        {
            case JsonObject map when map.Remove(path[^1]):
                return copy;
            case JsonArray list:
                list.RemoveAt(Index(list, path[^1], list.Count - 1, path));
                return copy;
            default:
                throw Missing(path);
        }
    }

    private static JsonNode? Test(JsonNode? root, string[] path, JsonNode? value) => Nodes.Same(Get(root, path), value)
        ? root
        : throw Refused($"testing value /{string.Join('/', path)} failed: test failed");

    private static int Index(JsonArray list, string step, int last, string[] path) =>
        int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= last && index <= list.Count
            ? index
            : throw Missing(path);

    private static StatusException Missing(string[] path) => Refused($"/{string.Join('/', path)}: missing value");

    private static StatusException Refused(string why) =>
        new(422, "Invalid", $"the server rejected our request due to an error in our request: {why}");
}
