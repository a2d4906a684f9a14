namespace ServiceProviderOcm.Core.Watch;

/// <summary>An informer that follows its cluster until it is disposed.</summary>
public sealed class RunningInformer : IDisposable
{
    private readonly CancellationTokenSource _stop;

    /// <summary>Starts following.</summary>
    public RunningInformer(Informer informer, CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Informer = informer;
        Completion = informer.RunAsync(_stop.Token);
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
