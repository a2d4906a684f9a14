using System.Net.Security;
using System.Runtime.Versioning;
using System.Security.Authentication;
using System.Text;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Support.Certificates;

namespace ServiceProviderOcm.Tests.Hostile;

/// <summary>A control plane that makes TLS expensive: what its handshakes cost is charged to its namespace.</summary>
public sealed class HostileHandshakeTests
{
    private const string NotFound = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n";

    private static readonly ReadBudgetOptions Budget = new() { OwnTraffic = 0, GroupTraffic = 1 << 20, OwnMemory = 0, GroupMemory = 1 << 20 };

    [Test]
    [Platform("Linux")]
    [SupportedOSPlatform("linux")]
    public async Task Another_handshake_on_an_open_connection_ends_it()
    {
        var hasEnded = new TaskCompletionSource<bool>();
        using var server = new RawControlPlane("http/1.1", RenegotiateAsync, tls: SslProtocols.Tls12);

        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => AskAsync(server));

        Assert.That(error!.IsNotFound, Is.False);
        Assert.That(await hasEnded.Task);

        async Task RenegotiateAsync(SslStream tls)
        {
            await ReadRequestAsync(tls);
            try
            {
                await tls.NegotiateClientCertificateAsync();
                hasEnded.TrySetResult(false);
                await AnswerAsync(tls, NotFound);
            }
            catch (IOException)
            {
                hasEnded.TrySetResult(true);
            }
        }
    }

    [TestCase(true, SslProtocols.Tls12)]
    [TestCase(false, SslProtocols.Tls13)]
    public async Task A_server_that_is_sent_a_client_certificate_cannot_ask_for_it_again(bool isSent, SslProtocols negotiated)
    {
        var client = new TestPki().Client("admin");
        var user = isSent ? $"client-certificate-data: {client.CertificateData}, client-key-data: {client.KeyData}" : "token: abc";
        var protocol = SslProtocols.None;
        using var server = new RawControlPlane("http/1.1", AnswerAsync, user: user);

        Assert.That((await Assert.ThrowsAsync<KubernetesApiException>(() => AskAsync(server)))!.IsNotFound);
        Assert.That(protocol, Is.EqualTo(negotiated));

        Task AnswerAsync(SslStream tls)
        {
            protocol = tls.SslProtocol;
            return AnswerOnceAsync(tls);
        }
    }

    [TestCase(0, "")]
    [TestCase(4_000, "")]
    [TestCase(60_000, "group_memory")]
    public async Task A_certificate_takes_memory_of_the_namespace_beyond_the_usual_length(int padding, string limit)
    {
        using var server = new RawControlPlane(
            "http/1.1", AnswerOnceAsync, Budget with { GroupMemory = 600_000, GroupTraffic = 1 << 30 }, padding: padding);

        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => AskAsync(server));

        Assert.That(error!.Message, limit.Length > 0 ? Does.Contain($"(limit {limit})") : Does.Contain("404"));
    }

    [TestCase(0, 4, 8)]
    [TestCase(30_000, 1, 2)]
    public async Task A_connection_costs_traffic_and_more_with_a_long_certificate(int padding, int least, int most)
    {
        using var server = new RawControlPlane(
            "http/1.1", AnswerOnceAsync, Budget with { GroupMemory = 1 << 30 }, padding: padding);
        KubernetesApiException? error;
        var answers = 0;
        do
        {
            error = await Assert.ThrowsAsync<KubernetesApiException>(() => AskAsync(server));
            answers++;
        }
        while (error!.IsNotFound && answers < 100);

        Assert.That(error.Message, Does.Match("send 1[0-9]{6} bytes per minute, and the limit is 1048576 [(]limit group_traffic[)]$"));
        Assert.That(answers - 1, Is.InRange(least, most));
    }

    private static Task AskAsync(RawControlPlane server) => server.Api.GetAsync(Kinds.Secret, new ObjectKey("n", "a"), default);

    private static async Task AnswerOnceAsync(SslStream tls)
    {
        await ReadRequestAsync(tls);
        await AnswerAsync(tls, NotFound + "Connection: close\r\n");
    }

    private static async Task ReadRequestAsync(SslStream tls) => _ = await tls.ReadAsync(new byte[4096]);

    private static async Task AnswerAsync(SslStream tls, string headers) => await tls.WriteAsync(Encoding.Latin1.GetBytes(headers + "\r\n"));
}
