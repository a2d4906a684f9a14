using ServiceProviderOcm.Core.Kubernetes.Telemetry;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>
/// An open way to one API server: the client library's HTTP pipeline with its trust and credentials. Requests under way on a
/// superseded connection may finish; watches should move to the next one.
/// </summary>
public sealed class ClusterConnection : IDisposable
{
    private readonly k8s.Kubernetes _client;
    private readonly HttpClient _http;
    private readonly IDisposable? _certificates;
    private readonly UseCount? _open;
    private bool _isDisposed;
    private readonly CancellationTokenSource _superseded = new();

    /// <summary>A connection over a client, which it disposes of.</summary>
    /// <param name="client">The client.</param>
    /// <param name="certificates">What it uses, and disposes of as well; null: nothing.</param>
    /// <param name="open">Counts the connections that are open; null if they are not counted.</param>
    /// <param name="onSuperseded">Called once when <see cref="Superseded"/> is cancelled.</param>
    public ClusterConnection(
        k8s.Kubernetes client, IDisposable? certificates = null, UseCount? open = null, Action? onSuperseded = null)
    {
        _client = client;
        _certificates = certificates;
        _open = open;
        _open?.Began();
        _http = client.HttpClient;
        Superseded = _superseded.Token;
        if (onSuperseded is not null)
        {
            Superseded.Register(onSuperseded);
        }
    }

    /// <summary>The server's root, with a trailing slash.</summary>
    public Uri BaseUri => _client.BaseUri;

    /// <summary>
    /// Cancelled once newer credentials or another server have taken this connection's place, or it has been disposed of.
    /// </summary>
    public CancellationToken Superseded { get; }

    /// <summary>Sends one request with this connection's credentials; the caller reads and disposes the answer.</summary>
    /// <exception cref="ObjectDisposedException">The connection has been disposed of.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_client.Credentials is { } credentials)
        {
            await credentials.ProcessHttpRequestAsync(request, cancellationToken);
        }

        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        try
        {
            response.Content = await RepairedAsync(response.Content, cancellationToken);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private static async Task<HttpContent> RepairedAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var repaired = new StreamContent(new RepairedJsonStream(await content.ReadAsStreamAsync(cancellationToken)));
        foreach (var (name, values) in content.Headers)
        {
            repaired.Headers.TryAddWithoutValidation(name, values);
        }

        return repaired;
    }

    /// <summary>Says that another connection has taken this one's place.</summary>
    public void Supersede() => _superseded.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        _superseded.Cancel();
        _superseded.Dispose();
        _client.Dispose();
        _certificates?.Dispose();
        _open?.Ended();
    }
}
