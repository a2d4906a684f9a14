namespace ServiceProviderOcm.Tests.Faults;

/// <summary>What was written to a stream and not processed by its reader. It is processed when the reader wants more.</summary>
internal sealed class Transit(Action<Transit> onClosed)
{
    private long _written;
    private long _read;
    private long _processed;

    /// <summary>Whether the reader holds back what it gets.</summary>
    public bool IsHeld { get; set; }

    /// <summary>Whether something is under way.</summary>
    public bool IsBusy => !IsHeld && Interlocked.Read(ref _written) != Interlocked.Read(ref _processed);

    public void Wrote(int count) => Interlocked.Add(ref _written, count);

    public void WantsMore() => Interlocked.Exchange(ref _processed, Interlocked.Read(ref _read));

    public void Read(int count) => Interlocked.Add(ref _read, count);

    public void Close() => onClosed(this);
}
