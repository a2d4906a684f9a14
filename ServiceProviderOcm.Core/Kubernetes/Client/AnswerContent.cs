using System.Buffers;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>The whole content of an answer, in pooled memory.</summary>
/// <param name="limit">The name of the limit.</param>
/// <param name="maxBytes">The limit.</param>
/// <param name="share">What is charged for the memory; null: nothing.</param>
/// <param name="memoryPerByte">How much memory the content and what is made of it take, per byte.</param>
internal sealed class AnswerContent(string limit, long maxBytes, ReadShare? share = null, int memoryPerByte = AnswerContent.PerByteOfObject)
    : IDisposable
{
    /// <summary>Of an object, which is made of a copy.</summary>
    public const int PerByteOfObject = 2;

    /// <summary>Of a JSON document, which takes 12 bytes per token.</summary>
    public const int PerByteOfDocument = 14;

    private readonly ReadMemory? _memory = share?.OpenMemory();
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(8192);
    private int _length;

    /// <summary>Reads to the end of the stream. The memory is valid until this is disposed.</summary>
    /// <exception cref="TooLongException">The content is longer than allowed, or there is no memory left for it.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        while (await stream.ReadAsync(_buffer.AsMemory(_length), cancellationToken) is > 0 and var read)
        {
            _length += read;
            if (_length > maxBytes)
            {
                throw new TooLongException(new LimitExcess(limit, "the answer has at least", _length, maxBytes));
            }

            if (_length == _buffer.Length)
            {
                if (_memory?.Resize((long)memoryPerByte * _length) is { } exceeded)
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

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        _buffer = [];
        _memory?.Dispose();
    }
}
