namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>
/// A connection to a server, below TLS. Charges what the server sends, while it is read. A handshake counts more: certificates are verified, and
/// kept as long as the connection lasts, in a form that takes many times their length. So do many connections at once.
/// </summary>
/// <param name="connection">The connection.</param>
/// <param name="share">What is charged.</param>
internal sealed class MeteredStream(Stream connection, ReadShare share) : ObservedStream(connection)
{
    /// <summary>How many bytes one of the handshake counts, as traffic and as memory.</summary>
    public const int HandshakeFactor = 16;

    /// <summary>The length of a handshake that is not charged as memory: with a few certificates.</summary>
    public const int UsualHandshake = 8 << 10;

    /// <summary>The connections of a server that are not charged as memory: more than HTTP/2 needs.</summary>
    public const int UsualConnections = 4;

    /// <summary>The memory that each further one is charged.</summary>
    public const int ConnectionBytes = 64 << 10;

    // ClientHello; Finished, or another ClientHello; then requests, or Finished.
    private const int HandshakeWrites = 2;

    private readonly ReadMemory _memory = share.OpenMemory();
    private readonly int _bytes = share.ConnectionOpened() > UsualConnections ? ConnectionBytes : 0;
    private long _handshake;
    private int _writes;
    private int _closed;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _writes);
        return base.WriteAsync(buffer, cancellationToken);
    }

    protected override ValueTask<int> ReceiveAsync(Stream source, Memory<byte> buffer, CancellationToken cancellationToken) =>
        ReadMemory.ReadAsync(_memory, source, buffer, cancellationToken);

    protected override void OnRead(ReadOnlySpan<byte> received)
    {
        if (Volatile.Read(ref _writes) > HandshakeWrites)
        {
            share.Charge(received.Length);
            return;
        }

        _handshake += received.Length;
        if (_memory.Resize(_bytes + (HandshakeFactor * Math.Max(0, _handshake - UsualHandshake))) is { } exceeded)
        {
            throw exceeded;
        }

        share.Charge(HandshakeFactor * received.Length);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            _memory.Dispose();
            share.ConnectionClosed();
        }
    }
}
