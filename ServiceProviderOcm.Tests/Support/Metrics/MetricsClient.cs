using System.Security.Cryptography.X509Certificates;

namespace ServiceProviderOcm.Tests.Support.Metrics;

/// <summary>HTTP clients that trust the certificate that the Worker makes for itself.</summary>
internal static class MetricsClient
{
    public static HttpClient Create(Action<X509Certificate>? onCertificate = null)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
        {
            onCertificate?.Invoke(certificate!);
            return certificate!.Subject == "CN=service-provider-ocm";
        };
        return new HttpClient(handler);
    }
}
