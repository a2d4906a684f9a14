namespace ServiceProviderOcm.Tests.Faults;

/// <summary>One end of a pipe, which reports what goes through it.</summary>
/// <param name="inner">The end.</param>
/// <param name="transit">Counts what is under way.</param>
/// <param name="onWrite">Called before a write or flush.</param>
/// <param name="onDispose">Called when the reader leaves.</param>
internal sealed class NotifyingStream(Stream inner, Transit transit, Action onWrite, Action onDispose) : Stream
{
    private bool _isDisposed;

    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => false;

    public override bool CanWrite => inner.CanWrite;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush() => throw new NotSupportedException("use FlushAsync");

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        onWrite();
        await inner.FlushAsync(cancellationToken);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        onWrite();
        transit.Wrote(buffer.Length);
        await inner.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        transit.WantsMore();
        var read = await inner.ReadAsync(buffer, cancellationToken);
        transit.Read(read);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("use ReadAsync");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("use WriteAsync");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !Interlocked.Exchange(ref _isDisposed, true))
        {
            onDispose();
            transit.Close();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
