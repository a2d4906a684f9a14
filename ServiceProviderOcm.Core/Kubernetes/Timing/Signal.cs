using System.Threading.Channels;

namespace ServiceProviderOcm.Core.Kubernetes.Timing;

/// <summary>Wakes one reader when something changed. What is set several times before it is taken is one signal. Thread-safe.</summary>
public sealed class Signal
{
    private readonly Channel<bool> _pending =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Something changed.</summary>
    public void Set() => _pending.Writer.TryWrite(true);

    /// <summary>Waits until something has changed, and takes that signal.</summary>
    /// <param name="cancellationToken">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _pending.Reader.ReadAsync(cancellationToken);

    /// <summary>The signals as they come, without end.</summary>
    /// <param name="cancellationToken">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    public IAsyncEnumerable<bool> AllAsync(CancellationToken cancellationToken) => _pending.Reader.ReadAllAsync(cancellationToken);
}
