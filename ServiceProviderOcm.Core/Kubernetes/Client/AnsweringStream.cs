namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>
/// An HTTP/2 connection to a server, above TLS. <see cref="SocketsHttpHandler"/> answers data (by WINDOW_UPDATE), SETTINGS and PING by itself,
/// from a queue without a limit, which grows while a server sends and does not read. Here, a write must end before more answers are due than
/// one write takes from the queue: so it stays as short as that, also if the server reads a little now and then.
/// </summary>
/// <param name="connection">The connection.</param>
/// <param name="share">What is charged for frames that are answered.</param>
internal sealed class AnsweringStream(Stream connection, ReadShare share) : ObservedStream(connection)
{
    /// <summary>The answers that may be due since the last write. One write takes up to 32 KiB; an answer has up to 17 bytes.</summary>
    public const int MaxDue = 1024;

    /// <summary>How much data is answered at once: an eighth of the window of a stream. An answered frame counts as much.</summary>
    public const int BytesPerAnswer = 8 << 10;

    private readonly AnsweredFrames _frames = new();
    private long _dueBytes;
    private volatile LimitExcess? _excess;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await base.WriteAsync(buffer, cancellationToken);
            Interlocked.Exchange(ref _dueBytes, 0);
        }
        catch (Exception) when (_excess is not null)
        {
            throw new TooLongException(_excess);
        }
    }

    protected override void OnRead(ReadOnlySpan<byte> received)
    {
        var (frames, dataBytes) = _frames.Count(received);
        var frameBytes = frames * BytesPerAnswer;
        var due = Interlocked.Add(ref _dueBytes, frameBytes + dataBytes) / BytesPerAnswer;
        if (due > MaxDue)
        {
            // The handler itself would wait for the write that does not end.
            _excess = new LimitExcess("UnreadAnswers", "there are", due, MaxDue, "answers that the server has not read") { IsSetting = false };
            Dispose();
            throw new TooLongException(_excess);
        }

        share.Charge(frameBytes);
    }
}
