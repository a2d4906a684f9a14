using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace ServiceProviderOcm.Tests.Bench.Attacks;

/// <summary>Network clients with addresses of their own, as on Linux all of 127.0.0.0/8 is on the loopback interface.</summary>
internal static class LoopbackClients
{
    /// <summary>A connection from the client of this number.</summary>
    public static async Task<Socket> ConnectAsync(int number, Uri server, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(new IPAddress([127, 1, (byte)(number >> 8), (byte)number]), 0));
            await socket.ConnectAsync(IPAddress.Loopback, server.Port, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>HTTP from the client of this number, to a server with any certificate.</summary>
    public static SocketsHttpHandler Handler(int number) => new()
    {
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null },
        ConnectCallback = async (context, token) =>
            new NetworkStream(await ConnectAsync(number, context.InitialRequestMessage.RequestUri!, token), ownsSocket: true),
    };
}
