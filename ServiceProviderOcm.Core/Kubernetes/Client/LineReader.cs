using System.Buffers;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>Reads a stream line by line, from a buffer that is small while nothing arrives.</summary>
/// <param name="stream">The stream.</param>
/// <param name="kind">The kind of the objects in the lines.</param>
/// <param name="maxBytes">The maximum length of a line.</param>
/// <param name="share">What is charged for the memory of a long line; null: nothing.</param>
internal sealed class LineReader(Stream stream, ResourceKind kind, int maxBytes, ReadShare? share = null) : IDisposable
{
    private const int Initial = 4096;

    private readonly ReadMemory? _memory = share?.OpenMemory();
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(Initial);
    private int _start;
    private int _scanned;
    private int _end;

    /// <summary>The next line without its end, valid until the next call; null at the end of the stream.</summary>
    /// <exception cref="TooLongException">The line is longer than allowed, or there is no memory left for it.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var at = _buffer.AsSpan(_scanned, _end - _scanned).IndexOf((byte)'\n');
            if (at >= 0)
            {
                var line = _buffer.AsMemory(_start, _scanned + at - _start);
                _start = _scanned = _scanned + at + 1;
                return line;
            }

            _scanned = _end;
            if (_end - _start > maxBytes)
            {
                var name = ObjectIdentity.NameOfBeginning(kind, _buffer.AsSpan(_start, _end - _start), depth: 2);
                throw new TooLongException(
                    new LimitExcess(nameof(ReadLimits.ObjectBytes), $"{name} has at least", _end - _start, maxBytes));
            }

            Fit();
            var read = await ReadMemory.ReadAsync(_memory, stream, _buffer.AsMemory(_end), cancellationToken);
            if (read == 0)
            {
                var last = _buffer.AsMemory(_start, _end - _start);
                _start = _scanned = _end;
                return last.IsEmpty ? default(ReadOnlyMemory<byte>?) : last;
            }

            _end += read;
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        _buffer = [];
        _memory?.Dispose();
    }

    // Makes room for more, and returns what a long line needed.
    private void Fit()
    {
        var length = _end - _start;
        if (_start == 0 && _end < _buffer.Length && !(length == 0 && _buffer.Length > Initial))
        {
            return;
        }

        var size = length == 0 ? Initial : length > _buffer.Length / 2 ? length * 2 : _buffer.Length;
        var old = _buffer;
        if (size != old.Length)
        {
            if (_memory?.Resize(size > Initial ? size : 0) is { } exceeded)
            {
                throw exceeded;
            }

            _buffer = ArrayPool<byte>.Shared.Rent(size);
        }

        old.AsSpan(_start, length).CopyTo(_buffer);
        if (!ReferenceEquals(old, _buffer))
        {
            ArrayPool<byte>.Shared.Return(old, clearArray: true);
        }

        (_start, _scanned, _end) = (0, length, length);
    }
}
