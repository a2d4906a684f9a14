using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ServiceProviderOcm.Tests.Support.Http;

/// <summary>An HTTP proxy that takes every CONNECT to one port of the loopback address.</summary>
internal sealed class TestProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;

    public TestProxy(int target)
    {
        _target = target;
        _listener.Start();
        _ = AcceptAsync();
    }

    public ConcurrentQueue<string> Lines { get; } = new();

    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

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
            using (var target = new TcpClient())
            {
                var near = client.GetStream();
                var (line, headers) = await TestServer.ReadHeadAsync(near);
                if (!headers.TryGetValue("Proxy-Authorization", out var authorization))
                {
                    await near.WriteAsync("HTTP/1.1 407 Authenticate\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
                    return;
                }

                Lines.Enqueue($"{line} {authorization}");
                await target.ConnectAsync(IPAddress.Loopback, _target);
                await near.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray());
                var far = target.GetStream();
                await Task.WhenAny(near.CopyToAsync(far), far.CopyToAsync(near));
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
        }
    }
}
