using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ServiceProviderOcm.Worker.Endpoints;

/// <summary>The default certificate: metrics are encrypted, but scrapers cannot verify the server.</summary>
internal static class SelfSignedCertificate
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    /// <summary>Creates one in memory, valid for a year.</summary>
    /// <param name="names">DNS names and IP addresses of the server, besides localhost; empty ones do not count.</param>
    /// <param name="now">The beginning of the year.</param>
    public static SslStreamCertificateContext Create(IEnumerable<string> names, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=service-provider-ocm", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        alternatives.AddDnsName("localhost");
        foreach (var name in names.Where(name => name.Length > 0))
        {
            if (IPAddress.TryParse(name, out var address))
            {
                alternatives.AddIpAddress(address);
            }
            else
            {
                alternatives.AddDnsName(name);
            }
        }

        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([ServerAuthentication], critical: false));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));

        // The clocks of scrapers may be behind.
        var certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddYears(1));
        return SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
    }
}
