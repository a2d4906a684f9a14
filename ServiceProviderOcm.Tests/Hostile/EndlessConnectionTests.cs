using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
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

/// <summary>A control plane that sends without end what the protocols below the answers read and drop.</summary>
public sealed class EndlessConnectionTests
{
    private const string Chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    // SETTINGS, PING and PRIORITY: length, type, flags, stream, content.
    private const string Settings = "\0\0\0" + "\u0004" + "\0" + "\0\0\0\0";
    private const string Ping = "\0\0\u0008" + "\u0006" + "\0" + "\0\0\0\0" + "\0\0\0\0\0\0\0\0";
    private const string Priority = "\0\0\u0005" + "\u0002" + "\0" + "\0\0\0\u0001" + "\0\0\0\0\0";

    private const int Most = 16 << 20;

    private static readonly ReadBudgetOptions Budget = new() { OwnTraffic = 64 << 10, GroupTraffic = 1 << 20 };
    private static readonly ReadBudgetOptions NoBudget = Budget with { GroupTraffic = long.MaxValue / 2, SharedTraffic = long.MaxValue / 2 };

    private static IEnumerable<TestCaseData> Endless()
    {
        yield return new TestCaseData(Chunked, $"1;{new string('x', 1000)}\r\n \r\n", "") { TestName = "{m}(chunk extensions)" };
        yield return new TestCaseData(Chunked.Replace("200 OK", "500 Error"), $"1;{new string('x', 1000)}\r\n \r\n", "") { TestName = "{m}(errors)" };
        yield return new TestCaseData(Settings, Priority, "h2") { TestName = "{m}(HTTP/2 frames)" };
    }

    [TestCaseSource(nameof(Endless))]
    public async Task What_a_connection_carries_ends_at_the_traffic_of_its_tenant(string start, string rest, string protocol)
    {
        var (error, sent) = await AskAsync(start, rest, protocol);

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
    public async Task Answers_that_the_server_does_not_read_end_the_connection(string frame, int drip)
    {
        var (error, sent) = await AskAsync(Settings, frame, "h2", drip, NoBudget);

        Assert.That(error.Reason, Is.EqualTo("LimitExceeded"));
        Assert.That(error.Message, Does.Match(
            "^get secrets n/a on the control plane: there are [0-9]{4} answers that the server has not read, and the limit is 1024 [(]limit unread_answers[)]$"));
        Assert.That(sent, Is.LessThan(Most));
    }

    [Test]
    public async Task Interim_responses_without_end_are_read_up_to_the_length_of_headers()
    {
        var (error, sent) = await AskAsync("", "HTTP/1.1 103 Early Hints\r\n\r\n", "");

        Assert.That(error.Message, Is.EqualTo("get secrets n/a: the headers of the response are too long"));
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
        string start, string rest, string protocol, int? drip = null, ReadBudgetOptions? budget = null)
    {
        var pki = new TestPki();
        using var certificate = pki.Server();
        var sent = 0L;
        var closed = new TaskCompletionSource();
        using var server = new LoopbackListener(async stream =>
        {
            try
            {
                await ServeAsync(stream, certificate, start, rest, protocol, drip, count => Interlocked.Add(ref sent, count));
            }
            finally
            {
                closed.TrySetResult();
            }
        });
        using var share = new ReadBudget(budget ?? Budget, TimeProvider.System).Open("namespace hostile");
        using var source = new KubeconfigSecretSource("Secret a/b", ClientOptions.Connection) { Share = share };
        source.Update(Config($"server: 'https://127.0.0.1:{server.Port}', certificate-authority-data: {pki.Data}", "token: abc"));
        var api = new KubernetesApi(
            "control plane", source, ClientOptions.ControlPlane, TimeProvider.System, TestMetrics.Create().Requests);

        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => api.GetAsync(Kinds.Secret, new ObjectKey("n", "a"), default));
        await closed.Task;
        return (error!, sent);
    }

    private static async Task ServeAsync(
        NetworkStream stream, X509Certificate2 certificate, string start, string rest, string protocol, int? drip, Action<int> onSent)
    {
        await using var tls = new SslStream(stream);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificate = certificate,
            ApplicationProtocols = [protocol.Length > 0 ? new SslApplicationProtocol(protocol) : SslApplicationProtocol.Http11],
        });
        var reading = drip is null ? tls.CopyToAsync(Stream.Null) : new TaskCompletionSource().Task;
        await tls.WriteAsync(Encoding.Latin1.GetBytes(start));
        var block = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(rest, 1 + (20_000 / rest.Length))));
        var dripped = new byte[drip ?? 0];
        for (var sent = 0; sent < Most && !reading.IsCompleted; sent += block.Length)
        {
            await tls.WriteAsync(block);
            onSent(block.Length);
            await tls.ReadAtLeastAsync(dripped, Math.Min(1, dripped.Length), throwOnEndOfStream: false);
        }
    }
}
