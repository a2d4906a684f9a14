using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ServiceProviderOcm.Core.Objects;

/// <summary>Reads YAML manifests the way Kubernetes does: what is quoted stays text.</summary>
public static class YamlManifests
{
    /// <summary>All documents of a text that have content.</summary>
    /// <exception cref="YamlException">The text is no YAML.</exception>
    public static IReadOnlyList<JsonObject> Parse(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return [.. stream.Documents.Select(document => Convert(document.RootNode)).OfType<JsonObject>()];
    }

    private static JsonNode? Convert(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(entry =>
            KeyValuePair.Create(((YamlScalarNode)entry.Key).Value ?? "", Convert(entry.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Convert)]),
        YamlScalarNode { Style: ScalarStyle.Plain } plain => FromPlain(plain.Value ?? ""),
        YamlScalarNode quoted => quoted.Value,
        _ => throw new NotSupportedException($"{node.NodeType} in a manifest"),
    };

    private static JsonNode? FromPlain(string text)
    {
        if (text is "" or "~" or "null")
        {
            return null;
        }

        if (text is "true" or "false")
        {
            return text == "true";
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return whole;
        }

        const NumberStyles Fraction = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(text, Fraction, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : text;
    }
}
