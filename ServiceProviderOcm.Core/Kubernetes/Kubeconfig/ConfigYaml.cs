using ServiceProviderOcm.Core.Kubernetes.Client;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>
/// Reads YAML or JSON that may be hostile: bounded in size and depth, without aliases, and in errors without its content.
/// </summary>
internal static class ConfigYaml
{
    private const int MaxLength = 1024 * 1024;
    private const int MaxDepth = 32;

    public static ConfigNode Parse(string text, ConfigOrigin origin)
    {
        if (text.Length > MaxLength)
        {
            throw new KubeconfigException($"{origin.Name}: is larger than a kubeconfig can be ({MaxLength} characters)");
        }

        try
        {
            return new ConfigNode(origin, "", ReadStream(new Parser(new StringReader(text))));
        }
        catch (YamlException exception)
        {
            throw Invalid(origin, exception.Start);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or FormatException)
        {
            throw Invalid(origin, Mark.Empty);
        }
    }

    private static KubeconfigException Invalid(ConfigOrigin origin, Mark at) =>
        new($"{origin.Name}: is not a valid kubeconfig: malformed YAML at line {at.Line}, column {at.Column}");

    private static object? ReadStream(Parser parser)
    {
        parser.Consume<StreamStart>();
        if (parser.TryConsume<StreamEnd>(out _))
        {
            return null;
        }

        parser.Consume<DocumentStart>();
        var root = ReadNode(parser, MaxDepth);
        parser.Consume<DocumentEnd>();
        parser.Consume<StreamEnd>();
        return root;
    }

    private static object? ReadNode(Parser parser, int depth)
    {
        if (parser.TryConsume<Scalar>(out var scalar))
        {
            var value = new ConfigScalar(scalar.Value, scalar.Style == ScalarStyle.Plain);
            return value.IsNull ? null : value;
        }

        var start = parser.Current;
        if (depth == 0)
        {
            throw new YamlException(start?.Start ?? Mark.Empty, start?.End ?? Mark.Empty, "nested too deeply");
        }

        if (parser.TryConsume<SequenceStart>(out _))
        {
            return ReadSequence(parser, depth - 1);
        }

        parser.Consume<MappingStart>();
        return ReadMapping(parser, depth - 1);
    }

    private static List<object?> ReadSequence(Parser parser, int depth)
    {
        var items = new List<object?>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(parser, depth));
        }

        return items;
    }

    private static Dictionary<string, object?> ReadMapping(Parser parser, int depth)
    {
        var fields = new Dictionary<string, object?>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = parser.Consume<Scalar>();
            if (!fields.TryAdd(key.Value, ReadNode(parser, depth)))
            {
                throw new YamlException(key.Start, key.End, "repeated key");
            }
        }

        return fields;
    }
}
