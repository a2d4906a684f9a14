using System.Net.Sockets;

namespace ServiceProviderOcm.Tests.Bench.Attacks;

/// <summary>Connections to the endpoint of the probes that send nothing, and that are opened again when they are closed.</summary>
/// <param name="name">A row of docs/security.md.</param>
/// <param name="connections">How many.</param>
/// <param name="clients">From so many addresses.</param>
internal sealed class IdleConnections(string name, int connections, int clients) : Attack(name)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    protected override Task BeginAsync(Arena arena)
    {
        Repeat(connections, async (number, token) =>
        {
            using var socket = await LoopbackClients.ConnectAsync(number % clients, arena.HealthUrl, token);
            await socket.ReceiveAsync(new byte[1], SocketFlags.None, token);
            await Task.Delay(Pause, TimeProvider.System, token);
        });
        return Task.CompletedTask;
    }
}
