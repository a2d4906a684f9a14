using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Tests.Support.Certificates;
using ServiceProviderOcm.Tests.Support.Http;
using ServiceProviderOcm.Tests.Support.Metrics;
using static ServiceProviderOcm.Tests.Support.Connections.TestConnections;

namespace ServiceProviderOcm.Tests.Hostile;

/// <summary>A control plane that answers byte by byte, above TLS, and the product's client for it.</summary>
internal sealed class RawControlPlane : IDisposable
{
    private readonly X509Certificate2 _certificate;
    private readonly LoopbackListener _server;
    private readonly ReadShare _share;
    private readonly KubeconfigSecretSource _source;

    /// <summary>Listens.</summary>
    /// <param name="protocol"><c>h2</c> or <c>http/1.1</c>.</param>
    /// <param name="serveAsync">Serves one connection, which is closed afterwards.</param>
    /// <param name="budget">What its namespace may send; by default, as much as in the product.</param>
    /// <param name="tls">The versions of TLS that it offers.</param>
    /// <param name="padding">The bytes that its certificate is longer.</param>
    /// <param name="user">What the client authenticates with, as fields of a kubeconfig.</param>
    public RawControlPlane(
        string protocol,
        Func<SslStream, Task> serveAsync,
        ReadBudgetOptions? budget = null,
        SslProtocols tls = SslProtocols.None,
        int padding = 0,
        string user = "token: abc")
    {
        var pki = new TestPki();
        _certificate = pki.Server(padding: padding);
        _server = new LoopbackListener(async stream =>
        {
            await using var secure = new SslStream(stream);
            await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificate = _certificate,
                ApplicationProtocols = [new SslApplicationProtocol(protocol)],
                EnabledSslProtocols = tls,
                AllowRenegotiation = true,
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is null,
            });
            await serveAsync(secure);
        });
        _share = new ReadBudget(budget ?? new ReadBudgetOptions(), TimeProvider.System).Open("namespace hostile");
        _source = new KubeconfigSecretSource("Secret a/b", ClientOptions.Connection) { Share = _share };
        _source.Update(Config($"server: 'https://127.0.0.1:{_server.Port}', certificate-authority-data: {pki.Data}", user));
        Api = new KubernetesApi("control plane", _source, ClientOptions.ControlPlane, TimeProvider.System, TestMetrics.Create().Requests);
    }

    public KubernetesApi Api { get; }

    public void Dispose()
    {
        _source.Dispose();
        _share.Dispose();
        _server.Dispose();
        _certificate.Dispose();
    }
}
