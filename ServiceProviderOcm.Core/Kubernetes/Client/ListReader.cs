using System.Buffers;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>
/// Reads a page of a list while it arrives, object by object, so that no more than one object is in memory as the server sent it. Stops
/// at the limits of answer and object.
/// </summary>
internal sealed class ListReader(ObjectReader objects, ResourceKind kind, ReadLimits limits, ReadShare? share = null) : IDisposable
{
    private const int Chunk = 32 << 10;

    // Those of API servers have a name and a version.
    private const int LongestContinue = 4 << 10;

    private readonly ReadMemory? _memory = share?.OpenMemory();
    private readonly List<KubeObject> _items = [];
    private readonly List<UnreadableObject> _unreadable = [];
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(Chunk);
    private int _end;
    private long _total;
    private long _kept;
    private JsonReaderState _state = new(JsonReading.Options);

    // Where the reader is in the buffer, and where the object begins that it is in; -1 if it is in none.
    private int _position;
    private int _item = -1;

    private int _depth;
    private string? _field;
    private string? _version;
    private string? _next;

    public async Task<ListPage> ReadAsync(Stream content, Uri server, CancellationToken cancellationToken)
    {
        for (var isFinal = false; !isFinal;)
        {
            // A text is read again from its beginning until it is complete: each time, there must be much more of it.
            var missing = 2 * (_end - _position);
            do
            {
                MakeRoom();
                CheckMemory();
                var read = await ReadMemory.ReadAsync(_memory, content, _buffer.AsMemory(_end), cancellationToken);
                isFinal = read == 0;
                _end += read;
                _total += read;
                missing -= read;
                Check();
            }
            while (!isFinal && missing > 0);
            Process(isFinal);
        }

        // An answer without a version is not a list. To read it as an empty one would be to lose all objects.
        return _version is { Length: > 0 } version
            ? new ListPage(_items, version, _next is { Length: > 0 } ? _next : null, server) { Unreadable = _unreadable, Bytes = _total }
            : throw new JsonException("not a list");
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        _buffer = [];
        _memory?.Dispose();
    }

    private void CheckMemory()
    {
        if (_memory?.Resize(_kept + _buffer.Length) is { } exceeded)
        {
            throw exceeded;
        }
    }

    private void Check()
    {
        if (_total > limits.AnswerBytes)
        {
            throw new TooLongException(new LimitExcess(nameof(ReadLimits.AnswerBytes), "the answer has at least", _total, limits.AnswerBytes));
        }

        var start = _item < 0 ? _position : _item;
        if (_end - start > limits.ObjectBytes + Chunk)
        {
            var name = ObjectIdentity.NameOfBeginning(kind, _buffer.AsSpan(start, _end - start), depth: 1);
            throw new TooLongException(
                new LimitExcess(nameof(ReadLimits.ObjectBytes), $"{name} has at least", _end - start, limits.ObjectBytes));
        }
    }

    private void CheckKept()
    {
        var count = _items.Count + _unreadable.Count;
        if (count > limits.Objects)
        {
            throw new TooLongException(LimitExcess.Objects(count, limits.Objects));
        }

        if (_kept > limits.StoreBytes)
        {
            throw new TooLongException(LimitExcess.StoreBytes(_kept, limits.StoreBytes));
        }
    }

    private void Process(bool isFinal)
    {
        var start = _position;
        var reader = new Utf8JsonReader(_buffer.AsSpan(start, _end - start), isFinal, _state);
        while (reader.Read())
        {
            OnToken(ref reader, start);
        }

        _position = start + (int)reader.BytesConsumed;
        _state = reader.CurrentState;
    }

    // Depth 1 is in the list, depth 2 in its metadata or items, depth 3 in an item.
    private void OnToken(ref Utf8JsonReader reader, int start)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName when _depth == 1:
                _field = reader.ValueTextEquals("items"u8) ? "items" : reader.ValueTextEquals("metadata"u8) ? "metadata" : "";
                break;
            case JsonTokenType.PropertyName when _depth == 2 && _field is ("metadata" or "resourceVersion" or "continue"):
                _field = reader.ValueTextEquals("resourceVersion"u8) ? "resourceVersion"
                    : reader.ValueTextEquals("continue"u8) ? "continue"
                    : "metadata";
                break;
            case JsonTokenType.String when _depth == 2 && _field == "resourceVersion":
                _version = TextOf(ref reader, ObjectIdentity.LongestVersion);
                break;
            case JsonTokenType.String when _depth == 2 && _field == "continue":
                _next = TextOf(ref reader, LongestContinue);
                break;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                Open(ref reader, start);
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                Close(ref reader, start);
                break;
            default:
                if (_depth == 2 && _field == "items" && reader.TokenType != JsonTokenType.PropertyName)
                {
                    _unreadable.Add(new UnreadableObject(ObjectKey.None, "", "", "it is not a JSON object"));
                    CheckKept();
                }

                break;
        }
    }

    private void Open(ref Utf8JsonReader reader, int start)
    {
        if (_depth == 0 && reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("not a list");
        }

        if (_depth == 1 && ((_field == "items" && reader.TokenType != JsonTokenType.StartArray)
            || (_field == "metadata" && reader.TokenType != JsonTokenType.StartObject)))
        {
            throw new JsonException("not a list");
        }

        if (_depth == 2 && _field == "items")
        {
            _item = start + (int)reader.TokenStartIndex;
        }

        _depth++;
    }

    private void Close(ref Utf8JsonReader reader, int start)
    {
        _depth--;
        if (_depth != 2 || _item < 0)
        {
            return;
        }

        var item = _buffer.AsSpan(_item, start + (int)reader.BytesConsumed - _item);
        if (objects.TryRead(kind, item, out var read, out var unreadable))
        {
            _items.Add(read);
            _kept += read.Size;
        }
        else
        {
            _unreadable.Add(unreadable);
            _kept += UnreadableObject.Size;
        }

        _item = -1;
        CheckKept();
    }

    private static string? TextOf(ref Utf8JsonReader reader, int longest)
    {
        try
        {
            return reader.ValueSpan.Length <= longest ? reader.GetString() : throw new JsonException("not a list");
        }
        catch (InvalidOperationException exception)
        {
            throw new JsonException("not a list", exception);
        }
    }

    // Drops what has been read, and grows if an object needs it.
    private void MakeRoom()
    {
        var keep = _item < 0 ? _position : _item;
        var length = _end - keep;
        if (_buffer.Length - _end >= Chunk / 2)
        {
            return;
        }

        var old = _buffer;
        if (length > _buffer.Length / 2)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        }

        old.AsSpan(keep, length).CopyTo(_buffer);
        if (!ReferenceEquals(old, _buffer))
        {
            ArrayPool<byte>.Shared.Return(old, clearArray: true);
        }

        _position -= keep;
        _item = _item < 0 ? -1 : 0;
        _end = length;
    }
}
