namespace ServiceProviderOcm.Tests.Bench.Attacks;

/// <summary>Connections to the metrics endpoint that begin a TLS handshake and then send a byte now and then.</summary>
internal sealed class HalfOpenHandshakes(string name, int connections) : Attack(name)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    // A record of 512 bytes with a ClientHello, of which the rest never comes.
    private static readonly byte[] ClientHello = [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03];

    protected override Task BeginAsync(Arena arena)
    {
        Repeat(connections, async (number, token) =>
        {
            using var socket = await LoopbackClients.ConnectAsync(number, arena.MetricsUrl, token);
            await socket.SendAsync(ClientHello, token);
            while (true)
            {
                await Task.Delay(Pause, TimeProvider.System, token);
                await socket.SendAsync(new byte[1], token);
            }
        });
        return Task.CompletedTask;
    }
}
