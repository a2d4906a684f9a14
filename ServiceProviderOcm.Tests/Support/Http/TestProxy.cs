using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ServiceProviderOcm.Tests.Support.Http;

/// <summary>An HTTP proxy that takes every CONNECT to one port of the loopback address.</summary>
internal sealed class TestProxy : IDisposable
{
    private readonly LoopbackListener _listener;
    private readonly int _target;

    public TestProxy(int target)
    {
        _target = target;
        _listener = new LoopbackListener(ServeAsync);
    }

    public ConcurrentQueue<string> Lines { get; } = new();

    public string Address => $"127.0.0.1:{_listener.Port}";

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync(NetworkStream near)
    {
        using var target = new TcpClient();
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
