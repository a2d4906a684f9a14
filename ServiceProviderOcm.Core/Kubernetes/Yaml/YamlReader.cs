using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ServiceProviderOcm.Core.Kubernetes.Yaml;

/// <summary>
/// Reads YAML, of which JSON is a part, to JSON nodes. Depth and number of values are bounded, and aliases count as what they stand for:
/// few lines of YAML can mean a lot of JSON.
/// </summary>
internal sealed class YamlReader
{
    private readonly YamlRules _rules;
    private readonly Parser _parser;
    private readonly Dictionary<AnchorName, Anchored> _anchors = [];
    private readonly Dictionary<JsonNode, long> _lines = new(ReferenceEqualityComparer.Instance);
    private int _values;
    private int _maxDepth;

    private YamlReader(string yaml, YamlRules rules)
    {
        _rules = rules;
        _parser = new Parser(new StringReader(yaml));
    }

    /// <summary>All documents of a text; null for those without content.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="rules">What is accepted.</param>
    /// <param name="lines">The lines at which values begin, counted from 1.</param>
    /// <exception cref="YamlException">The text is not YAML, has no JSON equivalent, or exceeds the limits.</exception>
    public static IReadOnlyList<JsonNode?> Read(string yaml, YamlRules rules, out IReadOnlyDictionary<JsonNode, long> lines)
    {
        var reader = new YamlReader(yaml, rules);
        lines = reader._lines;
        return reader.ReadDocuments();
    }

    private List<JsonNode?> ReadDocuments()
    {
        List<JsonNode?> documents = [];
        _parser.Consume<StreamStart>();
        while (_parser.TryConsume<DocumentStart>(out _))
        {
            _anchors.Clear();
            documents.Add(ReadValue(0));
            _parser.Consume<DocumentEnd>();
        }

        _parser.Consume<StreamEnd>();
        return documents;
    }

    private JsonNode? ReadValue(int depth)
    {
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return Resolve(alias, depth);
        }

        var start = _parser.Consume<NodeEvent>();
        Count(start, 1, depth);
        var (outerDepth, values) = (_maxDepth, _values);
        _maxDepth = depth;
        var value = start switch
        {
            Scalar { Style: ScalarStyle.Plain } plain => _rules.ReadPlain(plain.Value),
            Scalar quoted => quoted.Value,
            SequenceStart => ReadList(depth),
            _ => ReadMapping(depth),
        };
        if (value is not null)
        {
            _lines[value] = start.Start.Line;
        }

        if (!start.Anchor.IsEmpty)
        {
            _anchors[start.Anchor] = new Anchored(value, _values - values + 1, _maxDepth - depth);
        }

        _maxDepth = Math.Max(outerDepth, _maxDepth);
        return value;
    }

    private JsonArray ReadList(int depth)
    {
        var list = new JsonArray();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            list.Add(ReadValue(depth + 1));
        }

        return list;
    }

    private JsonObject ReadMapping(int depth)
    {
        var mapping = new JsonObject();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = _parser.Current;
            var name = ReadKey();
            if (!mapping.TryAdd(name, ReadValue(depth + 1)))
            {
                throw Error(key, $"field \"{name}\" is duplicated");
            }
        }

        return mapping;
    }

    private string ReadKey() => _parser.TryConsume<Scalar>(out var key)
        ? key is { Style: ScalarStyle.Plain, Value: "<<" }
            ? throw Error(key, "merge keys (<<) are not supported; write the fields out")
            : key.Value
        : throw Error(_parser.Current, "the name of a field must be a string");

    private JsonNode? Resolve(AnchorAlias alias, int depth)
    {
        if (!_rules.AllowsAliases || !_anchors.TryGetValue(alias.Value, out var anchored))
        {
            throw Error(alias, _rules.AllowsAliases ? $"alias {alias.Value} has no anchor" : "aliases are not allowed");
        }

        Count(alias, anchored.Values, depth + anchored.Depth);
        return anchored.Value?.DeepClone();
    }

    private void Count(ParsingEvent at, int values, int depth)
    {
        _values += values;
        _maxDepth = Math.Max(_maxDepth, depth);
        if (depth > _rules.MaxDepth || _values > _rules.MaxValues)
        {
            throw Error(at, depth > _rules.MaxDepth ? $"nested more than {_rules.MaxDepth} deep" : $"more than {_rules.MaxValues} values");
        }
    }

    private static YamlException Error(ParsingEvent? at, string message) => new(at?.Start ?? Mark.Empty, at?.End ?? Mark.Empty, message);

    private sealed record Anchored(JsonNode? Value, int Values, int Depth);
}
