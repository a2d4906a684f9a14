using System.Net.Security;
using System.Text;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Support.Http;

namespace ServiceProviderOcm.Tests.Hostile;

/// <summary>A control plane whose answers have very many headers, each of which takes more memory than its text.</summary>
[NonParallelizable]
public sealed class ManyHeadersTests
{
    private const int Watches = 50;
    private const string Letters = "abcdefghijklmnopqrstuvwxyz";

    private static readonly WatchRequest Watch = new("1", null, null, null, TimeSpan.FromMinutes(5));

    [TestCase("h2")]
    [TestCase("http/1.1")]
    public async Task Too_many_headers_end_the_request(string protocol)
    {
        await using var world = new World(protocol, headers: 2_730);

        var error = await Assert.ThrowsAsync<KubernetesApiException>(world.OpenWatchAsync);

        Assert.That(error!.Message, Is.EqualTo(
            "watch secrets on the control plane: the headers of the response have at least 8193 bytes, and the limit is 8192 (limit header_bytes)"));
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
        private readonly RawControlPlane _server;

        public World(string protocol, int headers)
        {
            var names = Enumerable.Range(0, headers).Select(NameOf).ToList();
            _server = new RawControlPlane(protocol, tls => protocol == "h2" ? AnswerFramesAsync(tls, names) : AnswerTextAsync(tls, names));
        }

        public async Task OpenWatchAsync()
        {
            var opened = new TaskCompletionSource();
            var watch = _server.Api.WatchAsync(Kinds.Secret, Watch with { Opened = opened.SetResult }, _stop.Token)
                .CountAsync(_stop.Token).AsTask();
            await await Task.WhenAny(opened.Task, watch);
            _watches.Add(watch);
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Task.WhenAll(_watches).ContinueWith(_ => { }, TaskScheduler.Default);
            _server.Dispose();
            _stop.Dispose();
        }
    }

    private static string NameOf(int number) =>
        $"{Letters[number / 26 / 26 % 26]}{Letters[number / 26 % 26]}{Letters[number % 26]}";

    private static async Task AnswerTextAsync(SslStream tls, IReadOnlyList<string> names)
    {
        _ = await tls.ReadAsync(new byte[4096]);
        await tls.WriteAsync(Encoding.Latin1.GetBytes(
            $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n{string.Concat(names.Select(name => $"{name}:\r\n"))}\r\n"));
        await tls.CopyToAsync(Stream.Null);
    }

    private static async Task AnswerFramesAsync(SslStream tls, IReadOnlyList<string> names)
    {
        byte[] headers = [Http2Frame.Status200, .. names.SelectMany(name => Http2Frame.Header(name, ""))];
        await Http2Frame.OpenAsync(tls);
        while (await Http2Frame.ReadRequestAsync(tls) is { } stream)
        {
            await tls.WriteAsync(Http2Frame.Of(Http2Frame.Headers, headers, Http2Frame.EndHeaders, stream));
        }
    }
}
