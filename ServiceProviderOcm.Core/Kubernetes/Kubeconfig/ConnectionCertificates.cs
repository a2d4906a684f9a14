using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>
/// The certificates of one connection. They are disposed of with it: what they hold outside of the .NET heap would stay until a collection of
/// all generations, which it does not bring about.
/// </summary>
internal sealed class ConnectionCertificates : IDisposable
{
    private readonly X509Certificate2Collection? _anchors;
    private readonly SslStreamCertificateContext? _client;

    /// <summary>Reads the certificates of a kubeconfig.</summary>
    public ConnectionCertificates(ConnectionSettings settings)
    {
        _anchors = settings.CertificateAuthorityPem is { } pem ? Certificates.Bundle(pem) : null;
        _client = settings is { ClientCertificatePem: { } certificate, ClientKeyPem: { } key } ? Certificates.ClientContext(certificate, key) : null;
    }

    /// <summary>Whether a client certificate is sent.</summary>
    public bool HasClient => _client is not null;

    /// <summary>Has connections use them.</summary>
    public void Apply(SslClientAuthenticationOptions options)
    {
        options.ClientCertificateContext = _client;
        if (_anchors is not null)
        {
            // KubernetesClientConfiguration.SslCaCerts would also trust the system's authorities and accept a wrong server name.
            var trust = new ServerTrust(_anchors);
            options.CertificateChainPolicy = trust.Policy();
            options.RemoteCertificateValidationCallback = trust.Validate;
        }
        else
        {
            options.CertificateChainPolicy = ServerTrust.SystemPolicy();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Certificates.Dispose(_anchors ?? []);
        if (_client is not null)
        {
            Certificates.Dispose([_client.TargetCertificate, .. _client.IntermediateCertificates]);
        }
    }
}
