namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>How much memory one thing takes of a server's share. It must release it when it is evicted.</summary>
internal sealed class ReadMemory(ReadBudget budget, ReadShare share) : IDisposable
{
    private CancellationTokenSource? _stop;
    private volatile LimitExcess? _excess;

    /// <summary>Whose share it is of.</summary>
    public ReadShare Share => share;

    /// <summary>How much it takes, in bytes; only for the <see cref="ReadBudget"/>.</summary>
    public long Bytes { get; private set; }

    /// <summary>The limit because of which it was evicted; null if it was not.</summary>
    public TooLongException? Evicted => _excess is { } excess ? new TooLongException(excess) : null;

    /// <summary>It takes so much now; returns the limit that is exceeded thereby, or because of which it was evicted, or null.</summary>
    public TooLongException? Resize(long bytes) => budget.Resize(this, bytes);

    /// <summary>Reads more of what takes the memory.</summary>
    /// <param name="memory">What takes it; null if that is not charged.</param>
    /// <param name="stream">What is read.</param>
    /// <param name="buffer">Where to.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="TooLongException">It is evicted.</exception>
    public static ValueTask<int> ReadAsync(ReadMemory? memory, Stream stream, Memory<byte> buffer, CancellationToken cancellationToken) =>
        memory?._stop is { } stop ? memory.ReadAsync(stream, buffer, stop, cancellationToken) : stream.ReadAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => Resize(0);

    /// <summary>Takes so much now. Only what takes memory can be evicted.</summary>
    internal void Take(long bytes)
    {
        Bytes = bytes;
        _stop ??= bytes > 0 ? Source() : null;
    }

    /// <summary>Makes the reader release the memory. Runs no callbacks: it is called within the lock of the budget.</summary>
    internal void Evict(LimitExcess excess)
    {
        _excess = excess;
        _ = _stop?.CancelAsync();
    }

    // Without a timer, a source holds nothing that must be disposed.
    private static CancellationTokenSource Source() => new();

    private async ValueTask<int> ReadAsync(
        Stream stream, Memory<byte> buffer, CancellationTokenSource stop, CancellationToken cancellationToken)
    {
        using var cancelling = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), stop);
        try
        {
            return await stream.ReadAsync(buffer, stop.Token);
        }
        catch (Exception) when (Evicted is { } evicted)
        {
            throw evicted;
        }
    }
}
