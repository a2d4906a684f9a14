namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>An informer that follows its cluster until it is disposed.</summary>
public sealed class RunningInformer : IDisposable
{
    private readonly CancellationTokenSource _stop;

    /// <summary>Starts following.</summary>
    public RunningInformer(Informer informer, CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Informer = informer;

        // From its first step on in a flow of its own, which bears nothing of the caller's where that is suppressed.
        var token = _stop.Token;
        Completion = Task.Run(() => informer.RunAsync(token), CancellationToken.None);
    }

    /// <summary>The informer.</summary>
    public Informer Informer { get; }

    /// <summary>Ends when the informer has stopped.</summary>
    public Task Completion { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }
}
