using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ServiceProviderOcm.Sandbox.ApiServer.Access;
using ServiceProviderOcm.Tests.Support.Certificates;

namespace ServiceProviderOcm.Tests.Servers;

/// <summary>One API server's own certificate authority, its serving certificate and the key it signs service account tokens with.</summary>
public sealed class ServerKeys
{
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
        using var certificates = ServerCertificates.Create(clusterName, TimeProvider.System.GetUtcNow());
        using var servingKey = certificates.Serving.GetECDsaPrivateKey()!;
        using var serviceAccountKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new ServerKeys(
            certificates.AuthorityPem,
            certificates.Serving.ExportCertificatePem(),
            servingKey.ExportECPrivateKeyPem(),
            serviceAccountKey.ExportECPrivateKeyPem());
    }
}
