using ServiceProviderOcm.Core.Kubernetes.Text;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>
/// What a server sends, with <see cref="LoneSurrogates"/> replaced: API servers send none, but strings with them would throw wherever
/// they are used. Buffers nothing but an escape that is not complete.
/// </summary>
internal sealed class RepairedJsonStream(Stream inner) : Stream
{
    private readonly byte[] _held = new byte[LoneSurrogates.MaxUndecided];
    private int _heldCount;
    private byte[] _spare = [];
    private int _spareStart;
    private int _spareEnd;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_spareStart == _spareEnd)
        {
            if (buffer.IsEmpty || buffer.Length > 2 * LoneSurrogates.MaxUndecided)
            {
                return buffer.IsEmpty ? 0 : await ReadDirectAsync(buffer, cancellationToken);
            }

            _spare = _spare.Length == 0 ? new byte[256] : _spare;
            (_spareStart, _spareEnd) = (0, await ReadDirectAsync(_spare, cancellationToken));
        }

        var count = Math.Min(buffer.Length, _spareEnd - _spareStart);
        _spare.AsSpan(_spareStart, count).CopyTo(buffer.Span);
        _spareStart += count;
        return count;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadDirectAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            _held.AsSpan(0, _heldCount).CopyTo(buffer.Span);
            var read = await inner.ReadAsync(buffer[_heldCount..], cancellationToken);
            var total = _heldCount + read;
            var done = LoneSurrogates.Replace(buffer.Span[..total], isFinal: read == 0);
            _heldCount = total - done;
            buffer.Span[done..total].CopyTo(_held);
            if (done > 0 || read == 0)
            {
                return done;
            }
        }
    }
}
