using System.Buffers;
using System.Text;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>
/// Copies the fields that are kept, token by token, as JSON without white space. Texts and numbers keep the form in which they arrived; of
/// some texts, only the beginning is kept. What is kept as a whole may be nested to any depth; the recursion is only as deep as the projection.
/// </summary>
internal ref struct FieldCopy(IBufferWriter<byte> output, int maxDepth, int maxFields = int.MaxValue)
{
    private static readonly byte[] Ellipsis = Encoding.UTF8.GetBytes(ForeignText.Ellipsis);

    private readonly IBufferWriter<byte> _output = output;
    private readonly int _maxDepth = maxDepth;
    private readonly int _maxFields = maxFields;
    private FieldLimit? _limit;
    private long _taken;
    private bool _isAfterValue;

    /// <summary>The number of fields and list items. Beyond the limit, they are counted and not copied.</summary>
    public int Fields { get; private set; } = -1; // the object itself is none

    /// <summary>The object found at a node with shared parts.</summary>
    public SharedPart Shared { get; private set; } = SharedPart.None;

    public void StartObject()
    {
        StartValue();
        Write("{"u8);
        _isAfterValue = false;
    }

    /// <summary>Starts an object that is a property.</summary>
    public void StartField(ReadOnlySpan<byte> name)
    {
        Name(name);
        StartObject();
    }

    public void EndObject()
    {
        Write("}"u8);
        _isAfterValue = true;
    }

    /// <summary>Writes a property with a value that needs no escaping.</summary>
    public void Text(ReadOnlySpan<byte> name, string value)
    {
        Name(name);
        StartValue();
        Write("\""u8);
        Write(Encoding.UTF8.GetBytes(value));
        Write("\""u8);
        _isAfterValue = true;
    }

    /// <summary>Copies the properties of the object that the reader is at the start of, up to its end.</summary>
    public void Properties(ref Utf8JsonReader reader, Projection.Node node)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            Field(ref reader, node.Below(ref reader));
        }
    }

    /// <summary>Copies or skips the property whose name the reader is at.</summary>
    public void Field(ref Utf8JsonReader reader, Projection.Node? node)
    {
        if (node is null)
        {
            reader.Read();
            reader.Skip();
            return;
        }

        Verify(ref reader);
        var name = reader.ValueSpan;
        reader.Read();
        if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length > node.MaxBytes)
        {
            return;
        }

        if (reader.TokenType == JsonTokenType.StartObject && node.Shared is { } shared)
        {
            Shared = Share(ref reader, shared);
            return;
        }

        Name(name);
        if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length > node.KeptBytes)
        {
            Beginning(ref reader, node.KeptBytes);
            return;
        }

        if (node.Limit is { } limit)
        {
            (_limit, _taken) = (limit, 0);
            Value(ref reader, node);
            _limit = null;
            return;
        }

        Value(ref reader, node);
    }

    private SharedPart Share(ref Utf8JsonReader reader, SharedParts parts)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var copy = new FieldCopy(buffer, _maxDepth);
        copy.Whole(ref reader);
        return parts.Of(JsonReading.Parse(buffer.WrittenSpan));
    }

    // The ellipsis says that the text has been cut: redaction masks the beginning of a value before it.
    private void Beginning(ref Utf8JsonReader reader, int maxBytes)
    {
        Verify(ref reader);
        Charge(KubeObject.BytesPerToken);
        StartValue();
        Write("\""u8);
        Write(reader.ValueSpan[..RawText.Beginning(reader.ValueSpan, maxBytes - Ellipsis.Length)]);
        Write(Ellipsis);
        Write("\""u8);
        _isAfterValue = true;
    }

    private void Value(ref Utf8JsonReader reader, Projection.Node node)
    {
        if (node.IsAll)
        {
            Whole(ref reader);
        }
        else if (reader.TokenType == JsonTokenType.StartObject)
        {
            StartObject();
            Properties(ref reader, node);
            EndObject();
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            Elements(ref reader, node);
        }
        else
        {
            Token(ref reader);
        }
    }

    // A list in a list is no list of objects, and dropped.
    private void Elements(ref Utf8JsonReader reader, Projection.Node node)
    {
        StartValue();
        Write("["u8);
        _isAfterValue = false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartArray)
            {
                reader.Skip();
            }
            else
            {
                Value(ref reader, node);
            }
        }

        Write("]"u8);
        _isAfterValue = true;
    }

    private void Whole(ref Utf8JsonReader reader)
    {
        var depth = 0;
        do
        {
            Token(ref reader);
            depth += reader.TokenType switch
            {
                JsonTokenType.StartObject or JsonTokenType.StartArray => 1,
                JsonTokenType.EndObject or JsonTokenType.EndArray => -1,
                _ => 0,
            };
            if (depth > _maxDepth)
            {
                throw new UnreadableObjectException(
                    new LimitExcess("Depth", "the fields that are kept are nested at least", depth, _maxDepth, "levels") { IsSetting = false });
            }
        }
        while (depth > 0 && reader.Read());
    }

    private void Token(ref Utf8JsonReader reader)
    {
        Charge(KubeObject.BytesPerToken);
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                Verify(ref reader);
                Name(reader.ValueSpan);
                return;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                Write(reader.ValueSpan);
                _isAfterValue = true;
                return;
            case JsonTokenType.String:
                Verify(ref reader);
                StartValue();
                Write("\""u8);
                Write(reader.ValueSpan);
                Write("\""u8);
                _isAfterValue = true;
                return;
            default:
                StartValue();
                Write(reader.ValueSpan);
                _isAfterValue = reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray);
                return;
        }
    }

    private void Name(ReadOnlySpan<byte> raw)
    {
        Separate();
        Write("\""u8);
        Write(raw);
        Write("\":"u8);
        _isAfterValue = false;
    }

    private void StartValue()
    {
        Separate();
        Fields++;
    }

    private void Separate()
    {
        if (_isAfterValue)
        {
            Write(","u8);
        }
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        if (Fields > _maxFields)
        {
            return;
        }

        Charge(bytes.Length);
        _output.Write(bytes);
    }

    private void Charge(int bytes)
    {
        _taken += bytes;
        if (_limit is { } limit && _taken > limit.Bytes)
        {
            throw new UnreadableObjectException(
                new LimitExcess(limit.Name, $"{limit.Field} takes at least", _taken, limit.Bytes, "bytes of memory")
                {
                    FlagPrefix = limit.FlagPrefix,
                    IsSetting = limit.FlagPrefix is not null,
                });
        }
    }

    // An escaped half of a surrogate pair is valid JSON, and not a text.
    private static void Verify(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return;
        }

        var buffer = ArrayPool<char>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            reader.CopyString(buffer);
        }
        catch (InvalidOperationException)
        {
            throw new UnreadableObjectException("a text is not valid Unicode");
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }
}
