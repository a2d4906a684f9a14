using System.Globalization;
using System.Net.Http.Headers;

namespace ServiceProviderOcm.Tests.Bench.Attacks;

/// <summary>Connections to the metrics endpoint, from an address each, that send an invalid token with each request.</summary>
internal sealed class TokenFlood(string name, int connections) : Attack(name)
{
    private readonly List<HttpClient> _clients = [];
    private long _tokens;

    protected override Task BeginAsync(Arena arena)
    {
        _clients.AddRange(Enumerable.Range(1, connections).Select(number => new HttpClient(LoopbackClients.Handler(number))));
        Repeat(connections, async (number, token) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(arena.MetricsUrl, "metrics"));
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Bearer", string.Create(CultureInfo.InvariantCulture, $"token-{Interlocked.Increment(ref _tokens)}"));
            using var response = await _clients[number].SendAsync(request, token);
        });
        return Task.CompletedTask;
    }

    protected override Task CleanAsync(Arena arena)
    {
        _clients.ForEach(client => client.Dispose());
        return Task.CompletedTask;
    }
}
