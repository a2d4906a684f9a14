using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ServiceProviderOcm.Core.Kubernetes.Yaml;

/// <summary>Makes JSON of the YAML of one text, within bounds: aliases can make much of little.</summary>
internal sealed class YamlConversion
{
    private const int MaxNodes = 200_000;

    // JSON may be nested 64 deep.
    private const int MaxDepth = 60;

    private int _nodes;

    /// <exception cref="YamlException">It has no JSON, or is beyond the bounds.</exception>
    public JsonNode? Convert(YamlNode node) => Convert(node, 0);

    private JsonNode? Convert(YamlNode node, int depth)
    {
        if (depth > MaxDepth || ++_nodes > MaxNodes)
        {
            throw Invalid(node, depth > MaxDepth ? $"nested more than {MaxDepth} deep" : $"more than {MaxNodes} values");
        }

        return node switch
        {
            YamlMappingNode map => ConvertMap(map, depth),
            YamlSequenceNode list => new JsonArray([.. list.Children.Select(item => Convert(item, depth + 1))]),
            YamlScalarNode { Style: ScalarStyle.Plain } plain => PlainScalars.Read(plain.Value ?? ""),
            YamlScalarNode quoted => quoted.Value,
            _ => throw Invalid(node, $"{node.NodeType} in a manifest"),
        };
    }

    private JsonObject ConvertMap(YamlMappingNode map, int depth)
    {
        var json = new JsonObject();
        foreach (var (key, value) in map.Children)
        {
            if (!json.TryAdd(Name(key), Convert(value, depth + 1)))
            {
                throw Invalid(key, $"field \"{Name(key)}\" is there twice");
            }
        }

        return json;
    }

    private static string Name(YamlNode key) => key switch
    {
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "<<" } => throw Invalid(key, "merge keys (<<) are not supported; write the fields out"),
        YamlScalarNode name => name.Value ?? "",
        _ => throw Invalid(key, "a field's name has to be text"),
    };

    private static YamlException Invalid(YamlNode node, string problem) => new(node.Start, node.End, problem);
}
