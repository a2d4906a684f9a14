using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ServiceProviderOcm.Tests.Support.Certificates;

/// <summary>A certificate authority of its own.</summary>
internal sealed class TestPki
{
    public const string ForServers = "1.3.6.1.5.5.7.3.1";
    public const string ForClients = "1.3.6.1.5.5.7.3.2";

    private const string Padding = "1.3.6.1.4.1.99999.1";

    private static readonly DateTimeOffset From = TimeProvider.System.GetUtcNow().AddDays(-1);
    private readonly X509Certificate2 _authority;

    public TestPki(string name = "test CA")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _authority = Request(name, key, isAuthority: true).CreateSelfSigned(From, From.AddDays(3));
    }

    private TestPki(X509Certificate2 authority) => _authority = authority;

    public X509Certificate2 Certificate => _authority;

    public string Pem => _authority.ExportCertificatePem();

    public string Data => Base64(Pem);

    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    public X509Certificate2 Server(
        string name = "127.0.0.1", string usage = ForServers, TimeSpan age = default, bool hasAlternativeNames = true, int padding = 0) =>
        Issue(name, usage, age, hasAlternativeNames, padding);

    /// <summary>An authority that this one vouches for.</summary>
    public TestPki Intermediate(string name, bool isAuthority = true)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Request(name, key, isAuthority)
            .Create(_authority.SubjectName, SigningKey, From, From.AddDays(2), RandomNumberGenerator.GetBytes(8));
        return new TestPki(certificate.CopyWithPrivateKey(key));
    }

    public ClientPair Client(string name)
    {
        using var certificate = Issue(name, ForClients);
        return new ClientPair(certificate.ExportCertificatePem(), certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    private X509SignatureGenerator SigningKey => X509SignatureGenerator.CreateForECDsa(_authority.GetECDsaPrivateKey()!);

    private static CertificateRequest Request(string name, ECDsa key, bool isAuthority)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return request;
    }

    private X509Certificate2 Issue(string name, string usage, TimeSpan age = default, bool hasAlternativeNames = true, int padding = 0)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(name);
        }

        if (hasAlternativeNames)
        {
            request.CertificateExtensions.Add(names.Build());
        }

        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        if (padding > 0)
        {
            request.CertificateExtensions.Add(new X509Extension(Padding, new byte[padding], critical: false));
        }

        using var certificate = request.Create(
            _authority.SubjectName, SigningKey, From - age, From.AddDays(2) - age, RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }
}
