using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ServiceProviderOcm.Core.Kubernetes.Text;

/// <summary>Reads the content of a PEM block as Go's crypto/x509 does.</summary>
internal static class DerCertificate
{
    /// <summary>
    /// Loads an X.509 certificate, which the caller disposes of. Nothing may follow it, and it is DER: OpenSSL sets bits to zero that are unused
    /// in a bit string, and Go rejects others.
    /// </summary>
    public static bool TryLoad(byte[] der, [NotNullWhen(true)] out X509Certificate2? certificate)
    {
        try
        {
            certificate = X509CertificateLoader.LoadCertificate(der);
            if (certificate.RawDataMemory.Span.SequenceEqual(der))
            {
                return true;
            }

            certificate.Dispose();
        }
        catch (CryptographicException)
        {
        }

        certificate = null;
        return false;
    }
}
