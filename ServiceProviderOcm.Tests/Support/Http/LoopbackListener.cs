using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace ServiceProviderOcm.Tests.Support.Http;

/// <summary>Serves TCP connections to a port of the loopback address; connections that break are ignored.</summary>
internal sealed class LoopbackListener : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<NetworkStream, Task> _serveAsync;

    /// <summary>Listens.</summary>
    /// <param name="serveAsync">Serves one connection, which is closed afterwards.</param>
    public LoopbackListener(Func<NetworkStream, Task> serveAsync)
    {
        _serveAsync = serveAsync;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                await _serveAsync(client.GetStream());
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or AuthenticationException)
        {
        }
    }
}
