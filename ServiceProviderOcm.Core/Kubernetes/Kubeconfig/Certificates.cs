using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ServiceProviderOcm.Core.Kubernetes.Text;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>PEM text, and whether it is of any use.</summary>
internal static class Certificates
{
    private const string CertificateLabel = "CERTIFICATE";
    private const string KeyLabel = "PRIVATE KEY";

    /// <summary>The certificates of a bundle; like Go, without those that cannot be read.</summary>
    public static X509Certificate2Collection Bundle(string pem)
    {
        var certificates = new X509Certificate2Collection();
        foreach (var der in BlocksOf(pem).Where(block => block.Label == CertificateLabel).Select(block => block.Content!))
        {
            if (DerCertificate.TryLoad(der, out var certificate))
            {
                certificates.Add(certificate);
            }
        }

        return certificates;
    }

    public static bool IsBundle(string pem)
    {
        var certificates = Bundle(pem);
        Dispose(certificates);
        return certificates.Count > 0;
    }

    public static bool IsPair(string certificatePem, string keyPem)
    {
        var pair = Pair(certificatePem, keyPem);
        pair?.Dispose();
        return pair is not null;
    }

    /// <summary>What presents a client certificate together with all that stand behind it in its text.</summary>
    public static SslStreamCertificateContext ClientContext(string certificatePem, string keyPem)
    {
        var leaf = Pair(certificatePem, keyPem)
            ?? throw new ArgumentException("is no certificate with its key", nameof(certificatePem));
        var chain = Bundle(certificatePem);
        try
        {
            return SslStreamCertificateContext.Create(leaf, [.. chain.Skip(1)], offline: true);
        }
        finally
        {
            Dispose(chain);
        }
    }

    /// <summary>When the first certificate of a text expires; null if there is none.</summary>
    public static DateTimeOffset? ExpiryOf(string pem)
    {
        var certificates = Bundle(pem);
        DateTimeOffset? expires = certificates is [var leaf, ..] ? new DateTimeOffset(leaf.NotAfter) : null;
        Dispose(certificates);
        return expires;
    }

    private static X509Certificate2? Pair(string certificatePem, string keyPem)
    {
        var certificate = BlocksOf(certificatePem).FirstOrDefault(block => block.Label == CertificateLabel);
        var key = BlocksOf(keyPem).FirstOrDefault(block => block.Label.EndsWith(KeyLabel, StringComparison.Ordinal));
        if (certificate is null || key is null || !IsCertificate(certificate.Content!))
        {
            return null;
        }

        try
        {
            return X509Certificate2.CreateFromPem(
                PemEncoding.Write(certificate.Label, certificate.Content), PemEncoding.Write(key.Label, key.Content));
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static bool IsCertificate(byte[] der)
    {
        var isCertificate = DerCertificate.TryLoad(der, out var certificate);
        certificate?.Dispose();
        return isCertificate;
    }

    private static IEnumerable<PemBlock> BlocksOf(string pem) =>
        PemBlocks.Read(pem).Where(block => block is { Content: not null, HasOwnLines: true });

    /// <summary>Disposes of all.</summary>
    public static void Dispose(IEnumerable<X509Certificate2> certificates)
    {
        foreach (var certificate in certificates)
        {
            certificate.Dispose();
        }
    }
}
