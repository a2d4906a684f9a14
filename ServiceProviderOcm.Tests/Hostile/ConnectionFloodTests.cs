using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using NUnit.Framework;
using ServiceProviderOcm.Tests.Endpoints;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Worker.Endpoints;
using ServiceProviderOcm.Worker.Settings;

namespace ServiceProviderOcm.Tests.Hostile;

/// <summary>Clients open many connections and send nothing.</summary>
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
                () => flood.Count(IsOpen) <= EndpointLimits.MetricsConnections, "the connections above the limit are closed");
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

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public async Task Probes_are_answered_while_clients_hold_all_connections(int clients)
    {
        await using var endpoints = await RunningEndpoints.StartAsync(new ProviderOptions { MetricsBindAddress = "0" });
        var flood = new List<TcpClient>();
        using var http = new HttpClient();
        try
        {
            for (var connection = 0; connection < Connections; connection++)
            {
                var client = new TcpClient(new IPEndPoint(IPAddress.Parse($"127.0.0.{1 + (connection % clients)}"), 0));
                flood.Add(client);
                await TryConnectAsync(client, endpoints.HealthUrl.Port);
            }

            await Eventually.Async(
                () => flood.Count(IsOpen) <= EndpointLimits.HealthConnections, "the connections above the limit are closed");
            using var probe = await http.GetAsync(new Uri($"http://127.0.0.1:{endpoints.HealthUrl.Port}/healthz"));
            Assert.That(probe.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(flood.Count(IsOpen), Is.GreaterThan(EndpointLimits.HealthConnections / 2), "the flood goes on");
        }
        finally
        {
            flood.ForEach(client => client.Dispose());
        }
    }

    // Each connection is the letter of its client with a number.
    [TestCase("a1 a2 a3 b1", "a1", TestName = "The_oldest_connection_of_the_client_that_has_most_is_closed")]
    [TestCase("a1 a2 b1 a3", "a1", TestName = "A_client_that_has_most_replaces_its_own_connection")]
    [TestCase("a1 b1 c1 -a1 d1 e1", "b1", TestName = "Where_all_have_one_connection_another_one_is_closed")]
    [TestCase("a1 b1 b2 c1", "b1", TestName = "A_client_without_connections_is_let_in")]
    [TestCase("a1 a2 a3 -a1 b1", "", TestName = "A_connection_that_has_ended_is_not_counted")]
    [TestCase("a1 a2 a3 b1 b2 -a1 b3", "a1 a2 b1", TestName = "A_connection_that_was_closed_is_counted_once")]
    public void A_connection_too_many_takes_the_place_of_another(string events, string closed)
    {
        const int Max = 3;
        List<string> aborted = [];
        Dictionary<string, TaskCompletionSource> open = [];
        var limit = new ConnectionLimit(Max).Limit(connection => open[connection.ConnectionId].Task);
        foreach (var name in events.Split(' '))
        {
            if (name is ['-', .. var ended])
            {
                open[ended].SetResult();
                continue;
            }

            open[name] = new TaskCompletionSource();
            _ = limit(new Connection(aborted)
            {
                ConnectionId = name,
                RemoteEndPoint = new IPEndPoint(new IPAddress([10, 0, 0, (byte)name[0]]), 1),
            });
        }

        Assert.That(string.Join(' ', aborted), Is.EqualTo(closed));
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

    private sealed class Connection(List<string> aborted) : DefaultConnectionContext
    {
        public override void Abort(ConnectionAbortedException abortReason) => aborted.Add(ConnectionId);
    }
}
