using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>PEM text, and whether it is of any use.</summary>
internal static class Certificates
{
    public static X509Certificate2Collection Bundle(string pem)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(pem);
        return certificates;
    }

    public static bool IsBundle(string pem)
    {
        try
        {
            return Bundle(pem).Count > 0;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    public static bool IsPair(string certificatePem, string keyPem)
    {
        try
        {
            using var pair = X509Certificate2.CreateFromPem(certificatePem, keyPem);
            return pair.HasPrivateKey;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
