using System.Buffers;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>The whole content of an answer, in pooled memory.</summary>
/// <param name="limit">The name of the limit.</param>
/// <param name="maxBytes">The limit.</param>
/// <param name="share">What is charged for the memory; null: nothing.</param>
internal sealed class AnswerContent(string limit, long maxBytes, ReadShare? share = null) : IDisposable
{
    // An object is made of a copy.
    private const int MemoryPerByte = 2;

    // JsonDocument has 12 bytes per token, in a buffer that doubles.
    private const int MemoryPerToken = 24;

    private readonly ReadMemory? _memory = share?.OpenMemory();
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(8192);
    private int _length;

    /// <summary>Reads to the end of the stream. The memory is valid until this is disposed.</summary>
    /// <exception cref="TooLongException">The content is longer than allowed, or there is no memory left for it.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        while (await ReadMemory.ReadAsync(_memory, stream, _buffer.AsMemory(_length), cancellationToken) is > 0 and var read)
        {
            _length += read;
            if (_length > maxBytes)
            {
                throw new TooLongException(new LimitExcess(limit, "the answer has at least", _length, maxBytes));
            }

            if (_length == _buffer.Length)
            {
                if (_memory?.Resize((long)MemoryPerByte * _length) is { } exceeded)
                {
                    throw exceeded;
                }

                var larger = ArrayPool<byte>.Shared.Rent(_length * 2);
                _buffer.CopyTo(larger, 0);
                ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
                _buffer = larger;
            }
        }

        return _buffer.AsMemory(0, _length);
    }

    /// <summary>Opens what was read as a document, which the caller disposes before this.</summary>
    /// <exception cref="JsonException">It is not JSON, or nested too deeply.</exception>
    /// <exception cref="TooLongException">There is no memory left for it.</exception>
    public JsonDocument OpenDocument()
    {
        var json = _buffer.AsMemory(0, _length);
        return _memory?.Resize(((long)MemoryPerByte * _length) + ((long)MemoryPerToken * JsonReading.CountTokens(json.Span))) is { } exceeded
            ? throw exceeded
            : JsonReading.OpenFlat(json);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        _buffer = [];
        _memory?.Dispose();
    }
}
