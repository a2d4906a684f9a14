namespace ServiceProviderOcm.Tests.Support.Certificates;

internal sealed record ClientPair(string CertificatePem, string KeyPem)
{
    public string CertificateData => TestPki.Base64(CertificatePem);

    public string KeyData => TestPki.Base64(KeyPem);
}
