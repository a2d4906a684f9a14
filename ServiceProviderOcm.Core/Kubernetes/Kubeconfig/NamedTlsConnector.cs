using System.Net;
using System.Net.Security;

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
    /// <param name="connector">Opens the connections below TLS.</param>
    public static void Use(SocketsHttpHandler handler, string serverName, Connector connector) =>
        handler.ConnectCallback = async (context, cancellationToken) =>
        {
            var tls = new SslStream(await connector.ConnectAsync(context, cancellationToken));
            try
            {
                await tls.AuthenticateAsClientAsync(
                    Options(handler.SslOptions, serverName, context.InitialRequestMessage.Version), cancellationToken);
                return tls;
            }
            catch
            {
                await tls.DisposeAsync();
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
        AllowRenegotiation = configured.AllowRenegotiation,
        AllowTlsResume = configured.AllowTlsResume,
    };
}
