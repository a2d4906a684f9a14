using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Support.Certificates;
using ServiceProviderOcm.Tests.Support.Http;
using ServiceProviderOcm.Tests.Support.Metrics;
using static ServiceProviderOcm.Tests.Support.Connections.TestConnections;

namespace ServiceProviderOcm.Tests.Hostile;

/// <summary>A control plane whose answers have very many headers, each of which takes more memory than its text.</summary>
[NonParallelizable]
public sealed class ManyHeadersTests
{
    private const int Watches = 50;
    private const string Letters = "abcdefghijklmnopqrstuvwxyz";
    private const byte HeadersFrame = 1;
    private const byte SettingsFrame = 4;
    private const byte EndHeaders = 4;

    private static readonly WatchRequest Watch = new("1", null, null, null, TimeSpan.FromMinutes(5));

    [TestCase("h2")]
    [TestCase("http/1.1")]
    public async Task Too_many_headers_end_the_request(string protocol)
    {
        await using var world = new World(protocol, headers: 2_730);

        var error = await Assert.ThrowsAsync<KubernetesApiException>(world.OpenWatchAsync);

        Assert.That(error!.Message, Is.EqualTo("watch secrets: the headers of the response are too long"));
    }

    [TestCase("h2", 2_700)]
    [TestCase("http/1.1", 1_300)]
    public async Task A_watch_does_not_keep_the_headers_of_its_answer(string protocol, int headers)
    {
        await MemoryAsync(protocol, headers: 1); // Fills the pools of buffers.
        var few = await MemoryAsync(protocol, headers: 1);
        var many = await MemoryAsync(protocol, headers);

        Assert.That((many - few) / Watches, Is.LessThan(16 << 10));
    }

    private static async Task<long> MemoryAsync(string protocol, int headers)
    {
        await using var world = new World(protocol, headers);
        await world.OpenWatchAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var number = 0; number < Watches; number++)
        {
            await world.OpenWatchAsync();
        }

        return GC.GetTotalMemory(forceFullCollection: true) - before;
    }

    private sealed class World : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly List<Task> _watches = [];
        private readonly X509Certificate2 _certificate;
        private readonly LoopbackListener _server;
        private readonly ReadShare _share = new ReadBudget(new ReadBudgetOptions(), TimeProvider.System).Open("namespace hostile");
        private readonly KubeconfigSecretSource _source;
        private readonly KubernetesApi _api;

        public World(string protocol, int headers)
        {
            var pki = new TestPki();
            _certificate = pki.Server();
            var names = Enumerable.Range(0, headers).Select(NameOf).ToList();
            _server = new LoopbackListener(stream => ServeAsync(stream, _certificate, protocol, names));
            _source = new KubeconfigSecretSource("Secret a/b", ClientOptions.Connection) { Share = _share };
            _source.Update(Config($"server: 'https://127.0.0.1:{_server.Port}', certificate-authority-data: {pki.Data}", "token: abc"));
            _api = new KubernetesApi(
                "control plane", _source, ClientOptions.ControlPlane, TimeProvider.System, TestMetrics.Create().Requests);
        }

        public async Task OpenWatchAsync()
        {
            var opened = new TaskCompletionSource();
            var watch = _api.WatchAsync(Kinds.Secret, Watch with { Opened = opened.SetResult }, _stop.Token).CountAsync(_stop.Token).AsTask();
            await await Task.WhenAny(opened.Task, watch);
            _watches.Add(watch);
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Task.WhenAll(_watches).ContinueWith(_ => { }, TaskScheduler.Default);
            _source.Dispose();
            _share.Dispose();
            _server.Dispose();
            _certificate.Dispose();
            _stop.Dispose();
        }
    }

    private static string NameOf(int number) =>
        $"{Letters[number / 26 / 26 % 26]}{Letters[number / 26 % 26]}{Letters[number % 26]}";

    private static async Task ServeAsync(NetworkStream stream, X509Certificate2 certificate, string protocol, IReadOnlyList<string> names)
    {
        await using var tls = new SslStream(stream);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificate = certificate,
            ApplicationProtocols = [new SslApplicationProtocol(protocol)],
        });
        await (protocol == "h2" ? AnswerFramesAsync(tls, names) : AnswerTextAsync(tls, names));
    }

    private static async Task AnswerTextAsync(SslStream tls, IReadOnlyList<string> names)
    {
        _ = await tls.ReadAsync(new byte[4096]);
        await tls.WriteAsync(Encoding.Latin1.GetBytes(
            $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n{string.Concat(names.Select(name => $"{name}:\r\n"))}\r\n"));
        await tls.CopyToAsync(Stream.Null);
    }

    private static async Task AnswerFramesAsync(SslStream tls, IReadOnlyList<string> names)
    {
        // Status 200, then names and values as they are.
        byte[] headers = [0x88, .. names.SelectMany(name => (byte[])[0, (byte)name.Length, .. Encoding.Latin1.GetBytes(name), 0])];
        await tls.WriteAsync(Frame(SettingsFrame, stream: 0, []));
        await tls.ReadExactlyAsync(new byte["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".Length]);
        var header = new byte[9];
        while (await tls.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false) == header.Length)
        {
            await tls.ReadExactlyAsync(new byte[BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(1))]);
            if (header[3] == HeadersFrame)
            {
                await tls.WriteAsync(Frame(HeadersFrame, BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5)), headers));
            }
        }
    }

    private static byte[] Frame(byte type, int stream, byte[] content)
    {
        byte[] frame = [0, (byte)(content.Length >> 8), (byte)content.Length, type, type == HeadersFrame ? EndHeaders : (byte)0, 0, 0, 0, 0, .. content];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        return frame;
    }
}
