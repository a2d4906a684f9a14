using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>Waits for single objects.</summary>
public static class ObjectWait
{
    /// <summary>Waits until an object is as it is to be.</summary>
    /// <param name="informers">Makes the informer.</param>
    /// <param name="api">The cluster.</param>
    /// <param name="kind">The object's kind.</param>
    /// <param name="key">The object, which need not exist yet.</param>
    /// <param name="isReached">Whether it is as it is to be; what this throws ends the waiting.</param>
    /// <param name="onTrouble">Told what stands in the way of looking; null when nothing does any longer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<KubeObject> WaitAsync(
        this InformerFactory informers,
        IKubernetesApi api,
        ResourceKind kind,
        ObjectKey key,
        Func<KubeObject, bool> isReached,
        Action<string?> onTrouble,
        CancellationToken cancellationToken)
    {
        var reached = new TaskCompletionSource<KubeObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var selection = Selection.Named(key.Name, kind.IsNamespaced ? key.Namespace : null);
        Informer? informer = null;
        informer = informers.Create(api, kind, selection, Look, () => onTrouble(informer!.State.Failure?.Message));
        _ = informer.RunAsync(stop.Token);
        try
        {
            return await reached.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            await stop.CancelAsync();
        }

        void Look(InformerChange change)
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
