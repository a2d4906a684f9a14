using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>
/// Opens TLS connections that ask for another name than that of the URL, and verify it. <see cref="SocketsHttpHandler"/> would take that name
/// from the Host header, which names the server of the URL.
/// </summary>
internal static class NamedTlsConnector
{
    /// <summary>Has a handler ask for a name.</summary>
    /// <param name="handler">The handler, whose other TLS options are used.</param>
    /// <param name="serverName">The name.</param>
    public static void Use(SocketsHttpHandler handler, string serverName) => handler.ConnectCallback = async (context, cancellationToken) =>
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SslStream? tls = null;
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await tls.AuthenticateAsClientAsync(Options(handler.SslOptions, serverName, context.InitialRequestMessage.Version), cancellationToken);
            return tls;
        }
        catch
        {
            socket.Dispose();
            if (tls is not null)
            {
                await tls.DisposeAsync();
            }

            throw;
        }
    };

    private static SslClientAuthenticationOptions Options(SslClientAuthenticationOptions configured, string serverName, Version version) => new()
    {
        TargetHost = serverName,
        ApplicationProtocols = version >= HttpVersion.Version20
            ? [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11]
            : [SslApplicationProtocol.Http11],
        CertificateChainPolicy = configured.CertificateChainPolicy,
        ClientCertificateContext = configured.ClientCertificateContext,
        RemoteCertificateValidationCallback = configured.RemoteCertificateValidationCallback,
        EnabledSslProtocols = configured.EnabledSslProtocols,
    };
}
