using System.Net.Security;
using System.Text;
using System.Text.Json;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Support.Http;

namespace ServiceProviderOcm.Tests.Hostile;

/// <summary>A control plane that sends without end what the protocols below the answers read and drop.</summary>
public sealed class EndlessConnectionTests
{
    private const string Chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    private const int FirstStream = 1;
    private const int Most = 16 << 20;

    private static readonly byte[] Settings = Http2Frame.Of(Http2Frame.Settings);
    private static readonly byte[] Ping = Http2Frame.Of(Http2Frame.Ping, new byte[8]);
    private static readonly byte[] Priority = Http2Frame.Of(Http2Frame.Priority, new byte[5], stream: FirstStream);
    private static readonly byte[] Status200 = Headers([Http2Frame.Status200], Http2Frame.EndHeaders);

    private static readonly ReadBudgetOptions Budget = new() { OwnTraffic = 64 << 10, GroupTraffic = 1 << 20 };
    private static readonly ReadBudgetOptions NoBudget = Budget with { GroupTraffic = long.MaxValue / 2, SharedTraffic = long.MaxValue / 2 };

    private static IEnumerable<TestCaseData> Endless()
    {
        var extension = Text($"1;{new string('x', 1000)}\r\n \r\n");
        yield return Text("chunk extensions", Chunked, extension);
        yield return Text("errors", Chunked.Replace("200 OK", "500 Error"), extension);
        yield return Frames("frames", [], Priority);
        yield return Frames("data without content", Status200, Http2Frame.Of(Http2Frame.Data, stream: FirstStream));
        yield return Frames("headers without content", Headers([Http2Frame.Status200]), Continuation([]));
    }

    [TestCaseSource(nameof(Endless))]
    public async Task What_a_connection_carries_ends_at_the_traffic_of_its_tenant(string protocol, byte[] start, byte[] rest)
    {
        var (error, sent) = await AskAsync(protocol, start, rest);

        Assert.That(error.Message, Does.Match(
            "^get secrets n/a on the control plane: the servers of namespace hostile send 1[0-9]{6} bytes per minute, and the limit is 1048576 [(]limit group_traffic[)]$"));
        Assert.That(error.RetryAfter, Is.GreaterThan(TimeSpan.Zero));
        Assert.That(sent, Is.LessThan(Most));
    }

    private static IEnumerable<TestCaseData> Unread()
    {
        yield return new TestCaseData(Settings, 0) { TestName = "{m}(SETTINGS)" };
        yield return new TestCaseData(Ping, 0) { TestName = "{m}(PING)" };
        yield return new TestCaseData(Ping, 1024) { TestName = "{m}(PING, and the server reads by drips)" };
    }

    [TestCaseSource(nameof(Unread))]
    public async Task Answers_that_the_server_does_not_read_end_the_connection(byte[] frame, int drip)
    {
        var (error, sent) = await AskAsync("h2", [], frame, drip, NoBudget);

        Assert.That(error.Reason, Is.EqualTo("LimitExceeded"));
        Assert.That(error.Message, Does.Match(
            "^get secrets n/a on the control plane: there are [0-9]{4} answers that the server has not read, and the limit is 1024 [(]limit unread_answers[)]$"));
        Assert.That(sent, Is.LessThan(Most));
    }

    private static IEnumerable<TestCaseData> EndlessHeaders()
    {
        var header = Http2Frame.Header("a", "b");
        yield return Text("interim responses", "", Text("HTTP/1.1 103 Early Hints\r\n\r\n"));
        yield return Frames("interim responses", [], Headers(Http2Frame.Header(":status", "103"), Http2Frame.EndHeaders));
        yield return Text("headers", "HTTP/1.1 200 OK\r\n", Text("a: b\r\n"));
        yield return Frames("headers", Headers([Http2Frame.Status200]), Continuation(header));
        yield return Text("trailers", $"{Chunked}0\r\n", Text("a: b\r\n"));
        yield return Frames("trailers", [.. Status200, .. Headers(header, Http2Frame.EndStream)], Continuation(header));
    }

    [TestCaseSource(nameof(EndlessHeaders))]
    public async Task Headers_without_end_are_read_up_to_their_limit(string protocol, byte[] start, byte[] rest)
    {
        var (error, sent) = await AskAsync(protocol, start, rest);

        Assert.That(error.Message, Is.EqualTo(
            "get secrets n/a on the control plane: the headers of the response have at least 8193 bytes, and the limit is 8192 (limit header_bytes)"));
        Assert.That(sent, Is.LessThan(Most));
    }

    [Test]
    public void Windows_of_HTTP2_streams_do_not_grow_in_the_product()
    {
        var settings = JsonReading.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "ServiceProviderOcm.Worker.runtimeconfig.json")));

        Assert.That(
            settings.At("runtimeOptions", "configProperties", "System.Net.SocketsHttpHandler.Http2FlowControl.DisableDynamicWindowSizing")?.ValueKind,
            Is.EqualTo(JsonValueKind.True));
    }

    // The server reads all, or a drip after each block that it sends.
    private static async Task<(KubernetesApiException Error, long Sent)> AskAsync(
        string protocol, byte[] start, byte[] rest, int? drip = null, ReadBudgetOptions? budget = null)
    {
        var sent = 0L;
        var closed = new TaskCompletionSource();
        using var server = new RawControlPlane(
            protocol,
            async tls =>
            {
                try
                {
                    await ReadRequestAsync(tls, protocol);
                    await AnswerAsync(tls, start, rest, drip, count => Interlocked.Add(ref sent, count));
                }
                finally
                {
                    closed.TrySetResult();
                }
            },
            budget ?? Budget);

        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => server.Api.GetAsync(Kinds.Secret, new ObjectKey("n", "a"), default));
        await closed.Task;
        return (error!, sent);
    }

    private static async Task ReadRequestAsync(SslStream tls, string protocol)
    {
        if (protocol == "h2")
        {
            await Http2Frame.OpenAsync(tls);
            await Http2Frame.ReadRequestAsync(tls);
        }
        else
        {
            _ = await tls.ReadAsync(new byte[4096]);
        }
    }

    private static async Task AnswerAsync(SslStream tls, byte[] start, byte[] rest, int? drip, Action<int> onSent)
    {
        var reading = drip is null ? tls.CopyToAsync(Stream.Null) : new TaskCompletionSource().Task;
        await tls.WriteAsync(start);
        byte[] block = [.. Enumerable.Repeat(rest, 1 + (20_000 / rest.Length)).SelectMany(bytes => bytes)];
        var dripped = new byte[drip ?? 0];
        for (var sent = 0; sent < Most && !reading.IsCompleted; sent += block.Length)
        {
            await tls.WriteAsync(block);
            onSent(block.Length);
            await tls.ReadAtLeastAsync(dripped, Math.Min(1, dripped.Length), throwOnEndOfStream: false);
        }
    }

    private static TestCaseData Text(string name, string start, byte[] rest) =>
        new("http/1.1", Text(start), rest) { TestName = "{m}(" + name + ")" };

    private static TestCaseData Frames(string name, byte[] start, byte[] rest) =>
        new("h2", start, rest) { TestName = "{m}(HTTP/2 " + name + ")" };

    private static byte[] Text(string text) => Encoding.Latin1.GetBytes(text);

    private static byte[] Headers(byte[] headers, byte flags = 0) => Http2Frame.Of(Http2Frame.Headers, headers, flags, FirstStream);

    private static byte[] Continuation(byte[] headers) => Http2Frame.Of(Http2Frame.Continuation, headers, stream: FirstStream);
}
