using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using ServiceProviderOcm.Tests.Endpoints;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Worker.Endpoints;
using ServiceProviderOcm.Worker.Settings;

namespace ServiceProviderOcm.Tests.Hostile;

/// <summary>A client opens many connections to the metrics endpoint and sends nothing.</summary>
public sealed class ConnectionFloodTests
{
    private const int Connections = 300;

    [TestCase(false)]
    [TestCase(true)]
    public async Task Probes_are_answered_while_connections_to_the_metrics_are_limited(bool isSecure)
    {
        await using var endpoints = await RunningEndpoints.StartAsync(
            new ProviderOptions { MetricsBindAddress = "127.0.0.1:0", MetricsSecure = isSecure });
        var flood = new List<TcpClient>();
        using var http = new HttpClient();
        try
        {
            for (var connection = 0; connection < Connections; connection++)
            {
                var client = new TcpClient();
                flood.Add(client);
                await TryConnectAsync(client, endpoints.MetricsUrl.Port);
            }

            await Eventually.Async(
                () => flood.Count(IsOpen) <= EndpointLimits.Metrics.MaxConnectionsOfClient, "the connections above the limit are closed");
            using var probe = await http.GetAsync(new Uri(endpoints.HealthUrl, "healthz"));
            Assert.That(probe.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }
        finally
        {
            flood.ForEach(client => client.Dispose());
        }

        if (!isSecure)
        {
            await Eventually.Async(async () => await AnswersAsync(http, endpoints.MetricsUrl), "metrics are served after the flood");
        }
    }

    [Test]
    public void Connections_are_counted_for_each_client()
    {
        var limit = new ConnectionsPerClient(2);
        var (one, other) = (IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.2"));

        Assert.That((limit.TryOpen(one), limit.TryOpen(one), limit.TryOpen(one), limit.TryOpen(other)), Is.EqualTo((true, true, false, true)));
        limit.Close(one);
        Assert.That((limit.TryOpen(one), limit.TryOpen(one)), Is.EqualTo((true, false)));
    }

    private static async Task TryConnectAsync(TcpClient client, int port)
    {
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
        }
        catch (SocketException)
        {
            // Closed already.
        }
    }

    private static bool IsOpen(TcpClient client)
    {
        try
        {
            return client.Connected && !(client.Client.Poll(0, SelectMode.SelectRead) && client.Client.Available == 0);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task<bool> AnswersAsync(HttpClient http, Uri url)
    {
        try
        {
            using var answer = await http.GetAsync(url);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
