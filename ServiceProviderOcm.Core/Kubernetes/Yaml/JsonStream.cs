using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Text;
using YamlDotNet.Core;

namespace ServiceProviderOcm.Core.Kubernetes.Yaml;

/// <summary>
/// Reads JSON objects that follow each other, with or without lines of <c>---</c> between them, as <c>kubectl</c> does. YAML cannot have
/// all of them, such as those that are indented with tabs.
/// </summary>
internal sealed class JsonStream
{
    private readonly byte[] _json;
    private readonly YamlRules _rules;
    private readonly List<JsonNode?> _documents = [];
    private readonly Dictionary<JsonNode, long> _lines = new(ReferenceEqualityComparer.Instance);
    private int _at;
    private int _start;
    private int _countedTo;
    private long _line = 1;
    private int _values;

    private JsonStream(string json, YamlRules rules)
    {
        _json = Encoding.UTF8.GetBytes(json);
        _rules = rules;
        LoneSurrogates.Replace(_json);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="rules">The limits.</param>
    /// <param name="documents">The objects.</param>
    /// <param name="lines">The lines at which objects and lists begin, counted from 1.</param>
    /// <returns>Whether the text is JSON. It may be YAML if not.</returns>
    /// <exception cref="YamlException">It is JSON from the first object on, but not to the end, or it exceeds the limits.</exception>
    public static bool TryRead(
        string text,
        YamlRules rules,
        [NotNullWhen(true)] out IReadOnlyList<JsonNode?>? documents,
        [NotNullWhen(true)] out IReadOnlyDictionary<JsonNode, long>? lines)
    {
        (documents, lines) = (null, null);
        if (!text.AsSpan().TrimStart().StartsWith('{'))
        {
            return false;
        }

        var stream = new JsonStream(text, rules);
        try
        {
            stream.Read();
        }
        catch (JsonException) when (stream._documents.Count == 0)
        {
            return false;
        }
        catch (JsonException exception)
        {
            throw stream.Error(stream._at, $"malformed JSON: {exception.Message.Split(". LineNumber")[0]}");
        }

        (documents, lines) = (stream._documents, stream._lines);
        return true;
    }

    private void Read()
    {
        for (SkipSeparators(); _at < _json.Length; SkipSeparators())
        {
            var reader = new Utf8JsonReader(
                _json.AsSpan(_at), new JsonReaderOptions { MaxDepth = _rules.MaxDepth + 2, AllowMultipleValues = true });
            _start = _at;
            reader.Read();
            _documents.Add(ReadValue(ref reader, 0));
            _at += (int)reader.BytesConsumed;
        }
    }

    private void SkipSeparators()
    {
        while (_at < _json.Length)
        {
            var rest = _json.AsSpan(_at);
            if (rest[0] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            {
                _at++;
            }
            else if (rest.StartsWith("---"u8))
            {
                var line = rest.IndexOf((byte)'\n');
                var trailer = (line < 0 ? rest : rest[..line])[3..].Trim(" \t\r"u8);
                if (!trailer.IsEmpty && trailer[0] != (byte)'#')
                {
                    return;
                }

                _at += line < 0 ? rest.Length : line;
            }
            else
            {
                return;
            }
        }
    }

    private JsonNode? ReadValue(ref Utf8JsonReader reader, int depth)
    {
        var at = _start + (int)reader.TokenStartIndex;
        if (_rules.Exceeded(depth, ++_values) is { } limit)
        {
            throw new YamlLimitException(MarkAt(at), MarkAt(at), limit);
        }

        return reader.TokenType switch
        {
            JsonTokenType.StartObject => ReadObject(ref reader, depth),
            JsonTokenType.StartArray => ReadArray(ref reader, depth),
            JsonTokenType.String => reader.GetString()!,
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            JsonTokenType.Null => null,
            _ => ReadNumber(ref reader, at),
        };
    }

    private JsonObject ReadObject(ref Utf8JsonReader reader, int depth)
    {
        var line = LineAt(_start + (int)reader.TokenStartIndex);
        var fields = new JsonObject();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            if (fields.ContainsKey(name) && !_rules.AllowsDuplicates)
            {
                throw Error(_start + (int)reader.TokenStartIndex, $"field \"{name}\" is duplicated");
            }

            reader.Read();
            fields[name] = ReadValue(ref reader, depth + 1);
        }

        _lines[fields] = line;
        return fields;
    }

    private JsonArray ReadArray(ref Utf8JsonReader reader, int depth)
    {
        var line = LineAt(_start + (int)reader.TokenStartIndex);
        var items = new JsonArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(ReadValue(ref reader, depth + 1));
        }

        _lines[items] = line;
        return items;
    }

    private JsonNode ReadNumber(ref Utf8JsonReader reader, int at)
    {
        if (reader.TryGetInt64(out var whole))
        {
            return whole;
        }

        return reader.TryGetDouble(out var number) && PlainScalars.TryToJson(number, out var json)
            ? json!
            : throw Error(at, "the number is too large");
    }

    // Called with growing positions.
    private long LineAt(int at)
    {
        _line += _json.AsSpan(_countedTo, at - _countedTo).Count((byte)'\n');
        _countedTo = at;
        return _line;
    }

    private YamlException Error(int at, string message) => new(MarkAt(at), MarkAt(at), message);

    private Mark MarkAt(int at) => new(at, 1 + _json.AsSpan(0, at).Count((byte)'\n'), 1);
}
