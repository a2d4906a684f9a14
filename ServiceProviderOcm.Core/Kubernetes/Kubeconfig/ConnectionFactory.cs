using System.Net;
using System.Security.Authentication;
using System.Text;
using k8s;
using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>Turns settings into a connection.</summary>
internal sealed class ConnectionFactory(ConnectionOptions options)
{
    /// <summary>The maximum size of the names and values of the headers of a response of a server that strangers administer, in bytes. Each
    /// header takes memory besides its length. Most of what API servers send are up to 4,096 characters of warnings.</summary>
    public const int UntrustedHeaderBytes = 8 << 10;

    // HTTP/2 windows do not grow by themselves (see the project file): what arrives there is in memory before it is read and charged.
    private const int TrustedWindow = 1 << 20;
    private const int UntrustedWindow = 64 << 10;

    /// <summary>Opens a connection.</summary>
    /// <param name="settings">Where to, and how.</param>
    /// <param name="credential">The credential; null if it is in the settings.</param>
    /// <param name="share">What is charged for all that the server sends; null if it is trusted.</param>
    public ClusterConnection Open(ConnectionSettings settings, IRotatingCredential? credential, ReadShare? share = null)
    {
        var certificates = new ConnectionCertificates(settings);
        var configuration = new KubernetesClientConfiguration
        {
            Host = settings.Server.AbsoluteUri,
            SkipTlsVerify = settings.SkipTlsVerify,
            TokenProvider = credential,
            AccessToken = settings.Token,
            Username = settings.Username,
            Password = settings.Password,
            UserAgent = options.UserAgent,
            FirstMessageHandlerSetup = handler => SetUp(handler, settings, certificates, share),
        };

        DelegatingHandler[] own = credential is null ? [] : [new RejectedCredentialHandler(credential)];
        DelegatingHandler[] impersonating = settings.Impersonation is { } impersonation ? [new ImpersonationHandler(impersonation)] : [];
        var client = new k8s.Kubernetes(configuration, [.. options.Handlers.Select(create => create()), .. impersonating, .. own]);
        if (settings.TlsServerName is { } name && IsProxied(settings))
        {
            // SocketsHttpHandler takes the name to ask for and to verify from here.
            client.HttpClient.DefaultRequestHeaders.Host = name;
        }

        return new ClusterConnection(
            client, certificates, options.Open, CredentialExpiry.Of(settings) is { } expires ? options.Expirations?.Add(expires) : null);
    }

    private IWebProxy ProxyOf(ConnectionSettings settings) => settings.Proxy is { } proxy
        ? new WebProxy(proxy) { Credentials = EnvironmentProxy.CredentialOf(proxy) }
        : new EnvironmentProxy(options.Environment);

    private bool IsProxied(ConnectionSettings settings) =>
        ProxyOf(settings) is var proxy && !proxy.IsBypassed(settings.Server) && proxy.GetProxy(settings.Server) is { } via && via != settings.Server;

    private void SetUp(
        SocketsHttpHandler handler, ConnectionSettings settings, ConnectionCertificates certificates, ReadShare? share)
    {
        var connector = new Connector(share);
        if (share is not null)
        {
            handler.ConnectCallback = connector.ConnectAsync;
            handler.PlaintextStreamFilter = connector.LimitAnswersAsync;
            handler.MaxResponseHeadersLength = UntrustedHeaderBytes >> 10;

            // A session that might be resumed keeps the server's certificates when its connections have ended.
            handler.SslOptions.AllowTlsResume = false;
        }

        // As Go: another handshake on an open connection costs as much as the first, and keeps as many certificates.
        handler.SslOptions.AllowRenegotiation = false;

        handler.InitialHttp2StreamWindowSize = share is null ? TrustedWindow : UntrustedWindow;
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.ConnectTimeout = TimeSpan.FromSeconds(10);
        handler.EnableMultipleHttp2Connections = true;
        handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
        handler.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        handler.KeepAlivePingTimeout = TimeSpan.FromSeconds(15);
        handler.PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90);
        handler.Proxy = ProxyOf(settings);
        if (settings.Impersonation is not null)
        {
            handler.RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8;
        }

        if (settings.TlsServerName is { } name && settings.Server.Scheme == Uri.UriSchemeHttps && !IsProxied(settings))
        {
            NamedTlsConnector.Use(handler, name, connector);
        }

        certificates.Apply(handler.SslOptions);
        if (certificates.HasClient && share is not null)
        {
            // With TLS 1.3, a server may ask for the certificate again and again. The answers wait in memory for the next request.
            handler.SslOptions.EnabledSslProtocols = SslProtocols.Tls12;
        }
    }
}
