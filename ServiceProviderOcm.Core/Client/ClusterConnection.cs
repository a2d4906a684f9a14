using k8s;

namespace ServiceProviderOcm.Core.Client;

/// <summary>
/// An open way to one API server: the client library's HTTP pipeline with its trust and credentials. Requests under way on a
/// superseded connection may finish; watches should move to the next one.
/// </summary>
public sealed class ClusterConnection(Kubernetes client) : IDisposable
{
    private readonly CancellationTokenSource _superseded = new();

    /// <summary>The server's root, with a trailing slash.</summary>
    public Uri BaseUri => client.BaseUri;

    /// <summary>Cancelled once newer credentials or another server have taken this connection's place.</summary>
    public CancellationToken Superseded => _superseded.Token;

    /// <summary>Sends one request with this connection's credentials; the caller reads and disposes the answer.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (client.Credentials is { } credentials)
        {
            await credentials.ProcessHttpRequestAsync(request, cancellationToken);
        }

        return await client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>Says that another connection has taken this one's place.</summary>
    public void Supersede() => _superseded.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        _superseded.Cancel();
        _superseded.Dispose();
        client.Dispose();
    }
}
