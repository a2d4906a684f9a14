namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>Sends one request at a time. Reads queue among themselves first, so that a write waits for one of them.</summary>
internal sealed class RequestTurn
{
    private readonly SemaphoreSlim _one = One();
    private readonly SemaphoreSlim _read = One();

    /// <summary>Sends a request when it is its turn.</summary>
    public Task<T> TakeAsync<T>(ApiRequest request, Func<Task<T>> sendAsync, CancellationToken cancellationToken) =>
        request.IsWrite
            ? TakeAsync(_one, sendAsync, cancellationToken)
            : TakeAsync(_read, () => TakeAsync(_one, sendAsync, cancellationToken), cancellationToken);

    // Without a wait handle, a semaphore holds nothing that must be disposed.
    private static SemaphoreSlim One() => new(1);

    private static async Task<T> TakeAsync<T>(SemaphoreSlim one, Func<Task<T>> sendAsync, CancellationToken cancellationToken)
    {
        await one.WaitAsync(cancellationToken);
        try
        {
            return await sendAsync();
        }
        finally
        {
            one.Release();
        }
    }
}
