using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ServiceProviderOcm.Core.Kubernetes.Yaml;

/// <summary>
/// Reads YAML to JSON nodes as sigs.k8s.io/yaml does: scalars and tags of YAML 1.1, and merge keys.
/// Depth and number of values are bounded, and aliases count as what they stand for: few lines of YAML can mean a lot of JSON.
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
        YamlCharacters.Check(yaml);
        var reader = new YamlReader(yaml, rules);
        lines = reader._lines;
        return reader.Guard(reader.ReadDocuments);
    }

    /// <summary>The first document of a text, as <c>yaml.Unmarshal</c> reads it: what follows is ignored. Null: no content.</summary>
    /// <exception cref="YamlException">The text is not YAML, has no JSON equivalent, or exceeds the limits.</exception>
    public static JsonNode? ReadFirst(string yaml, YamlRules rules)
    {
        YamlCharacters.Check(yaml);
        var reader = new YamlReader(yaml, rules);
        return reader.Guard(reader.ReadFirst);
    }

    // The parser throws other exceptions for some malformed texts.
    private T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception)
            when (exception is ArgumentException or InvalidOperationException or FormatException or InvalidCastException)
        {
            throw Error(_parser.Current, "malformed YAML");
        }
    }

    private JsonNode? ReadFirst()
    {
        _parser.Consume<StreamStart>();
        return _parser.TryConsume<DocumentStart>(out _) ? ReadValue(0) : null;
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
            return Resolve(alias, depth).Value?.DeepClone();
        }

        var start = _parser.Consume<NodeEvent>();
        Count(start, 1, depth);
        var (outerDepth, values) = (_maxDepth, _values);
        _maxDepth = depth;
        var scalar = start is Scalar text ? ScalarValues.Read(text) : null;
        var value = start switch
        {
            Scalar => PlainScalars.TryToJson(scalar, out var json) ? json : throw Error(start, "the number has no equivalent in JSON"),
            SequenceStart => ReadList(depth),
            _ => ReadMapping(depth),
        };
        if (value is not null)
        {
            _lines[value] = start.Start.Line;
        }

        if (!start.Anchor.IsEmpty)
        {
            _anchors[start.Anchor] = new Anchored(value, scalar, _values - values + 1, _maxDepth - depth);
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
        HashSet<string> names = [];
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = _parser.Current;
            if (key is Scalar scalar && ScalarValues.IsMerge(scalar))
            {
                _parser.MoveNext();
                Merge(mapping, key, ReadValue(depth));
                continue;
            }

            var name = ReadKey(depth);
            if (!names.Add(name) && !_rules.AllowsDuplicates)
            {
                throw Error(key, $"field \"{name}\" is duplicated");
            }

            mapping[name] = ReadValue(depth + 1);
        }

        return mapping;
    }

    private string ReadKey(int depth)
    {
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            var anchored = Resolve(alias, depth);
            return Name(alias, anchored.Value is JsonValue ? anchored.Scalar : null);
        }

        if (!_parser.TryConsume<Scalar>(out var key))
        {
            throw Error(_parser.Current, "the name of a field must be a string");
        }

        var value = ScalarValues.Read(key);
        if (!key.Anchor.IsEmpty)
        {
            _anchors[key.Anchor] = new Anchored(PlainScalars.TryToJson(value, out var json) ? json : null, value, Values: 1, Depth: 0);
        }

        return Name(key, value);
    }

    private static string Name(ParsingEvent key, object? value) =>
        ScalarValues.ToName(value) ?? throw Error(key, "the name of a field must be a string; quote it");

    // As in go-yaml 2, the last field of a name counts, whether merged or not; of merged mappings in a list the first.
    private static void Merge(JsonObject mapping, ParsingEvent key, JsonNode? merged)
    {
        IEnumerable<JsonNode?> mappings = merged is JsonArray list ? list.Reverse() : [merged];
        foreach (var source in mappings)
        {
            if (source is not JsonObject fields)
            {
                throw Error(key, "the value of a merge key (<<) must be a mapping or a list of mappings");
            }

            foreach (var (name, value) in fields)
            {
                mapping[name] = value?.DeepClone();
            }
        }
    }

    private Anchored Resolve(AnchorAlias alias, int depth)
    {
        if (!_anchors.TryGetValue(alias.Value, out var anchored))
        {
            throw Error(alias, $"alias {alias.Value} has no anchor");
        }

        Count(alias, anchored.Values, depth + anchored.Depth);
        return anchored;
    }

    private void Count(ParsingEvent at, int values, int depth)
    {
        _values += values;
        _maxDepth = Math.Max(_maxDepth, depth);
        if (_rules.Exceeded(depth, _values) is { } limit)
        {
            throw new YamlLimitException(at.Start, at.End, limit);
        }
    }

    private static YamlException Error(ParsingEvent? at, string message) => new(at?.Start ?? Mark.Empty, at?.End ?? Mark.Empty, message);

    private sealed record Anchored(JsonNode? Value, object? Scalar, int Values, int Depth);
}
