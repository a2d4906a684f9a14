namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>An informer that runs until it is disposed.</summary>
public sealed class RunningInformer : IDisposable
{
    private readonly CancellationTokenSource _stop;

    /// <summary>Starts the informer.</summary>
    /// <param name="informer">The informer.</param>
    /// <param name="runAsync">Runs it until cancelled.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public RunningInformer(Informer informer, Func<Informer, CancellationToken, Task> runAsync, CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Informer = informer;

        // Task.Run, so that nothing of the caller's execution context is inherited where its flow is suppressed.
        var token = _stop.Token;
        _ = Task.Run(() => runAsync(informer, token), CancellationToken.None);
    }

    /// <summary>The informer.</summary>
    public Informer Informer { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }
}
