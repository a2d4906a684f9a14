using System.Text;

namespace ServiceProviderOcm.Tests.Hostile;

/// <summary>A body that begins with a text and then repeats another without end.</summary>
/// <param name="start">The beginning.</param>
/// <param name="rest">What is repeated.</param>
/// <param name="onRead">Called before each read.</param>
/// <param name="chunk">The most bytes that one read returns.</param>
internal sealed class EndlessStream(string start, string rest, Action? onRead = null, int chunk = int.MaxValue) : Stream
{
    private readonly byte[] _start = Encoding.UTF8.GetBytes(start);
    private readonly byte[] _rest = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(rest, 1 + (20_000 / rest.Length))));

    /// <summary>How many bytes were read.</summary>
    public long Served { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        onRead?.Invoke();
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read(buffer.Span));
    }

    public override int Read(Span<byte> buffer)
    {
        var at = Served < _start.Length ? _start.AsSpan((int)Served) : _rest.AsSpan((int)((Served - _start.Length) % _rest.Length));
        var count = Math.Min(Math.Min(buffer.Length, chunk), at.Length);
        at[..count].CopyTo(buffer);
        Served += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
