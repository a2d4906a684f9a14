using System.Net;
using System.Net.Sockets;

namespace ServiceProviderOcm.Tests.Servers;

/// <summary>Ports on the loopback interface.</summary>
public static class LoopbackPort
{
    /// <summary>A free port.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
