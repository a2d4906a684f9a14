using System.Security.Cryptography.X509Certificates;

namespace ServiceProviderOcm.Sandbox.ApiServer.Access;

/// <summary>The certificates by which users say who they are.</summary>
internal static class UserCertificates
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>Whether an authority has made a certificate, for clients, that is valid now.</summary>
    public static bool IsOf(X509Certificate2 authority, X509Certificate2 certificate)
    {
        using var chain = new X509Chain
        {
            ChainPolicy =
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                ApplicationPolicy = { new(ClientAuthentication) },
            },
        };
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        return chain.Build(certificate);
    }
}
