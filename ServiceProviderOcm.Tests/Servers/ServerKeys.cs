using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ServiceProviderOcm.Tests.Client.Kubeconfig;

namespace ServiceProviderOcm.Tests.Servers;

/// <summary>One API server's own certificate authority, its serving certificate and the key it signs service account tokens with.</summary>
public sealed class ServerKeys
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private ServerKeys(string authority, string certificate, string certificateKey, string serviceAccountKey)
    {
        Authority = authority;
        Certificate = certificate;
        CertificateKey = certificateKey;
        ServiceAccountKey = serviceAccountKey;
    }

    /// <summary>The authority's certificate, PEM.</summary>
    public string Authority { get; }

    /// <summary>The serving certificate, PEM.</summary>
    public string Certificate { get; }

    /// <summary>The serving certificate's private key, PEM.</summary>
    public string CertificateKey { get; }

    /// <summary>The private key of service account tokens, PEM.</summary>
    public string ServiceAccountKey { get; }

    /// <summary>The authority of the certificates by which users say who they are.</summary>
    internal TestPki Users { get; } = new("users");

    /// <summary>Makes all of them, for a server on the loopback interface.</summary>
    public static ServerKeys Create(string clusterName)
    {
        var from = DateTimeOffset.UtcNow.AddDays(-1);
        var to = from.AddDays(30);

        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest($"CN={clusterName} test authority", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        authorityRequest.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        authorityRequest.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(authorityRequest.PublicKey, critical: false));
        using var authority = authorityRequest.CreateSelfSigned(from, to);

        using var servingKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var servingRequest = new CertificateRequest("CN=kube-apiserver", servingKey, HashAlgorithmName.SHA256);
        servingRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        servingRequest.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        servingRequest.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
                authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        servingRequest.CertificateExtensions.Add(names.Build());
        using var serving = servingRequest.Create(authority, from, to, RandomNumberGenerator.GetBytes(8));

        using var serviceAccountKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new ServerKeys(
            authority.ExportCertificatePem(),
            serving.ExportCertificatePem(),
            servingKey.ExportECPrivateKeyPem(),
            serviceAccountKey.ExportECPrivateKeyPem());
    }
}
