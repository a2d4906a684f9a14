using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using k8s;
using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Tests.Kubernetes.Client;

/// <summary>Breaks connections: each one takes one request, gets some text and is closed.</summary>
public sealed class LoopbackServer : IConnectionSource, IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> _requests = [];
    private readonly ClusterConnection _connection;

    /// <summary>Listens.</summary>
    /// <param name="answers">What each connection gets; the last one is for all that follow.</param>
    public LoopbackServer(params string[] answers)
    {
        _listener.Start();
        Url = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _connection = new ClusterConnection(new k8s.Kubernetes(new KubernetesClientConfiguration { Host = Url }));
        _ = AcceptAsync(answers);
    }

    public string Url { get; }

    /// <summary>The first line of each request that arrived.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    public static string Whole(string json) => $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}";

    public static string Half(string json) => Whole(json)[..^(json.Length / 2)];

    public ValueTask<ClusterConnection> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_connection);

    public void Dispose()
    {
        _listener.Dispose();
        _connection.Dispose();
    }

    private async Task AcceptAsync(string[] answers)
    {
        for (var round = 0; ; round++)
        {
            using var client = await _listener.AcceptTcpClientAsync();
            var buffer = new byte[64 * 1024];
            var request = "";
            while (!IsWhole(request))
            {
                var read = await client.GetStream().ReadAsync(buffer);
                if (read == 0)
                {
                    break;
                }

                request += Encoding.UTF8.GetString(buffer, 0, read);
            }

            _requests.Enqueue(request.Split('\r')[0]);
            await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(answers[Math.Min(round, answers.Length - 1)]));
        }
    }

    private static bool IsWhole(string request) => request.Contains("\r\n\r\n", StringComparison.Ordinal)
        && (request.StartsWith("GET", StringComparison.Ordinal) || request.EndsWith('}'));
}
