using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>Waits for single objects.</summary>
public static class InformerWaits
{
    /// <summary>Waits until an object meets a condition.</summary>
    /// <param name="informers">Creates the informer.</param>
    /// <param name="api">The cluster.</param>
    /// <param name="kind">The object's kind.</param>
    /// <param name="key">The object, which need not exist yet.</param>
    /// <param name="isReached">The condition. An exception that it throws ends the wait.</param>
    /// <param name="onError">Called with the error that prevents reading the object; with null when reading works again.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<KubeObject> WaitAsync(
        this InformerFactory informers,
        IKubernetesApi api,
        ResourceKind kind,
        ObjectKey key,
        Func<KubeObject, bool> isReached,
        Action<string?> onError,
        CancellationToken cancellationToken)
    {
        var reached = new TaskCompletionSource<KubeObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var scope = WatchScope.Named(key.Name, kind.IsNamespaced ? key.Namespace : null);
        Informer? informer = null;
        informer = informers.Create(api, kind, scope, Test, () => onError(informer!.State.Failure?.Message));
        _ = informer.RunAsync(stop.Token);
        try
        {
            return await reached.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            await stop.CancelAsync();
        }

        void Test(InformerChange change)
        {
            try
            {
                if (change.After is { } found && isReached(found))
                {
                    reached.TrySetResult(found);
                }
            }
            catch (Exception exception)
            {
                reached.TrySetException(exception);
            }
        }
    }
}
