using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s;
using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>Turns settings into a connection.</summary>
internal sealed class ConnectionFactory(ConnectionOptions options)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    public ClusterConnection Open(ConnectionSettings settings, IRotatingCredential? credential)
    {
        var configuration = new KubernetesClientConfiguration
        {
            Host = settings.Server.AbsoluteUri,
            SkipTlsVerify = settings.SkipTlsVerify,
            ClientCertificateData = ToBase64(settings.ClientCertificatePem),
            ClientCertificateKeyData = ToBase64(settings.ClientKeyPem),
            TokenProvider = credential,
            AccessToken = settings.Token,
            Username = settings.Username,
            Password = settings.Password,
            UserAgent = options.UserAgent,
            FirstMessageHandlerSetup = handler => SetUp(handler, settings),
        };

        DelegatingHandler[] own = credential is null ? [] : [new RejectedCredentialHandler(credential)];
        var client = new k8s.Kubernetes(configuration, [.. options.Handlers.Select(create => create()), .. own]);

        // SocketsHttpHandler takes the name to ask for and to verify from here
        client.HttpClient.DefaultRequestHeaders.Host = settings.TlsServerName;
        return new ClusterConnection(client);
    }

    private static void SetUp(SocketsHttpHandler handler, ConnectionSettings settings)
    {
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.ConnectTimeout = TimeSpan.FromSeconds(10);
        handler.EnableMultipleHttp2Connections = true;
        handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
        handler.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        handler.KeepAlivePingTimeout = TimeSpan.FromSeconds(15);
        handler.PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90);
        if (settings.Proxy is { } proxy)
        {
            handler.Proxy = new WebProxy(proxy) { Credentials = CredentialsOf(proxy) };
        }

        if (settings.CertificateAuthorityPem is { } pem)
        {
            handler.SslOptions.CertificateChainPolicy = TrustOnly(Certificates.Bundle(pem));
        }
    }

    // KubernetesClientConfiguration.SslCaCerts would also trust the system's authorities and accept a wrong server name.
    private static X509ChainPolicy TrustOnly(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };

        policy.CustomTrustStore.AddRange(authorities);
        policy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        return policy;
    }

    private static NetworkCredential? CredentialsOf(Uri proxy)
    {
        var parts = proxy.UserInfo.Split(':', 2).Select(Uri.UnescapeDataString).ToArray();
        return proxy.UserInfo.Length == 0 ? null : new NetworkCredential(parts[0], parts.ElementAtOrDefault(1));
    }

    private static string? ToBase64(string? pem) => pem is null ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes(pem));
}
