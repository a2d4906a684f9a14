namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>A connection to a server. What the server sends passes a check.</summary>
internal abstract class ObservedStream(Stream connection) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await ReceiveAsync(connection, buffer, cancellationToken);
        OnRead(buffer.Span[..read]);
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = connection.Read(buffer, offset, count);
        OnRead(buffer.AsSpan(offset, read));
        return read;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        connection.WriteAsync(buffer, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => connection.Write(buffer, offset, count);

    public override Task FlushAsync(CancellationToken cancellationToken) => connection.FlushAsync(cancellationToken);

    public override void Flush() => connection.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Reads from the connection.</summary>
    protected virtual ValueTask<int> ReceiveAsync(Stream source, Memory<byte> buffer, CancellationToken cancellationToken) =>
        source.ReadAsync(buffer, cancellationToken);

    /// <summary>Called with what was read, before it is used.</summary>
    /// <exception cref="TooLongException">It is too much.</exception>
    protected abstract void OnRead(ReadOnlySpan<byte> received);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            connection.Dispose();
        }

        base.Dispose(disposing);
    }
}
