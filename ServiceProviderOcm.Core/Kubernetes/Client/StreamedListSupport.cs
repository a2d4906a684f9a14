using System.Collections.Concurrent;
using System.Net;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>
/// Which servers send the objects that exist at the beginning of a watch (the feature WatchList of Kubernetes). Others reject the parameter,
/// or ignore it. Found out by one request per server.
/// </summary>
public sealed class StreamedListSupport
{
    /// <summary>The reason of the error where the server does not support it: list instead.</summary>
    public const string Unsupported = "StreamedListUnsupported";

    private readonly ConcurrentDictionary<Uri, bool> _isSupported = new();
    private readonly SemaphoreSlim _asking = Gate();

    /// <summary>The error where a server does not support it.</summary>
    public static KubernetesApiException Error() =>
        new((int)HttpStatusCode.BadRequest, Unsupported, "the server does not send the initial objects of a watch");

    /// <summary>Opens a watch with initial objects. While it is not known whether the server supports that, one caller asks.</summary>
    /// <param name="server">The server.</param>
    /// <param name="openAsync">Opens the watch.</param>
    /// <param name="cancellationToken">Cancels waiting for another caller.</param>
    /// <exception cref="KubernetesApiException">The server does not support it, or the request failed.</exception>
    internal async Task<T> OpenAsync<T>(Uri server, Func<Task<T>> openAsync, CancellationToken cancellationToken)
    {
        if (IsKnown(server))
        {
            return await openAsync();
        }

        await _asking.WaitAsync(cancellationToken);
        try
        {
            if (IsKnown(server))
            {
                return await openAsync();
            }

            var opened = await openAsync();
            _isSupported.TryAdd(server, true);
            return opened;
        }
        catch (KubernetesApiException exception) when (exception.Code is 400 or 422)
        {
            throw Rejected(server);
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <summary>The server has ignored the parameter: from now on, it is not asked.</summary>
    internal KubernetesApiException Rejected(Uri server)
    {
        _isSupported[server] = false;
        return Error();
    }

    // Without a wait handle, a semaphore holds nothing that must be disposed.
    private static SemaphoreSlim Gate() => new(1);

    private bool IsKnown(Uri server) => _isSupported.TryGetValue(server, out var isSupported) && (isSupported ? true : throw Error());
}
