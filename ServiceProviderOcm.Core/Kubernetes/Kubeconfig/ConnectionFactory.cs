using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>Turns settings into a connection.</summary>
internal sealed class ConnectionFactory(ConnectionOptions options)
{
    public ClusterConnection Open(ConnectionSettings settings, IRotatingCredential? credential)
    {
        HttpMessageHandler handler = SocketsHandler(settings);
        foreach (var create in options.Handlers.Reverse())
        {
            var outer = create();
            outer.InnerHandler = handler;
            handler = outer;
        }

#pragma warning disable RS0030 // this is the one place
        var http = new HttpClient(credential is null ? handler : new CredentialHandler(credential, handler))
        {
            BaseAddress = new Uri(settings.Server.AbsoluteUri.TrimEnd('/') + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
#pragma warning restore RS0030
        if (credential is null)
        {
            http.DefaultRequestHeaders.Authorization = Authorization(settings);
        }

        if (!string.IsNullOrEmpty(options.UserAgent))
        {
            http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", options.UserAgent);
        }

        // SocketsHttpHandler takes the name to ask for and to verify from here
        http.DefaultRequestHeaders.Host = settings.TlsServerName;
        return new ClusterConnection(http);
    }

    private static AuthenticationHeaderValue? Authorization(ConnectionSettings settings) => settings switch
    {
        { Token: { Length: > 0 } token } => new AuthenticationHeaderValue("Bearer", token),
        { Username: { Length: > 0 } user } => new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{settings.Password}"))),
        _ => null,
    };

    private SocketsHttpHandler SocketsHandler(ConnectionSettings settings)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            EnableMultipleHttp2Connections = true,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),
            Proxy = settings.Proxy is { } proxy
                ? new WebProxy(proxy) { Credentials = EnvironmentProxy.CredentialOf(proxy) }
                : new EnvironmentProxy(options.Environment),
        };
        if (settings is { ClientCertificatePem: { } certificate, ClientKeyPem: { } key })
        {
            handler.SslOptions.ClientCertificateContext = Certificates.ClientContext(certificate, key);
        }

        if (settings.SkipTlsVerify)
        {
#pragma warning disable CA5359 // what insecure-skip-tls-verify asks for; a kubeconfig from a Secret must not have it
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (settings.CertificateAuthorityPem is { } pem)
        {
            var trust = new ServerTrust(Certificates.Bundle(pem));
            handler.SslOptions.CertificateChainPolicy = trust.Policy();
            handler.SslOptions.RemoteCertificateValidationCallback = trust.Validate;
        }
        else
        {
            handler.SslOptions.CertificateChainPolicy = ServerTrust.SystemPolicy();
        }

        return handler;
    }
}
