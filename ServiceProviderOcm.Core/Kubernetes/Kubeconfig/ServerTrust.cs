using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>
/// Verifies servers as Go does: each certificate of the bundle is a trust anchor, an intermediate too, and a server's name must be among
/// its alternative names.
/// </summary>
/// <remarks>
/// .NET takes only self-signed certificates of a custom store for anchors. So its chain may end anywhere, and is accepted here if it
/// reaches an anchor before there is any other error.
/// </remarks>
internal sealed class ServerTrust(X509Certificate2Collection anchors)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private const X509ChainStatusFlags NotAnchored = X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot;

    /// <summary>The policy for servers that the system's authorities vouch for. Nothing is downloaded.</summary>
    public static X509ChainPolicy SystemPolicy()
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        return policy;
    }

    /// <summary>The policy that builds the chains for <see cref="Validate"/>.</summary>
    public X509ChainPolicy Policy()
    {
        var policy = SystemPolicy();
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        policy.CustomTrustStore.AddRange(anchors);
        policy.ExtraStore.AddRange(anchors);
        return policy;
    }

    /// <summary>Whether a server is who it says it is.</summary>
    /// <param name="sender">The TLS stream.</param>
    /// <param name="certificate">The server's certificate.</param>
    /// <param name="chain">What was built by <see cref="Policy"/>.</param>
    /// <param name="errors">What .NET found; errors of the chain are in its elements.</param>
    public bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None
        && sender is SslStream stream
        && certificate is X509Certificate2 server
        && server.MatchesHostname(stream.TargetHostName, allowWildcards: true, allowCommonName: false)
        && chain is not null
        && IsAnchored(chain);

    private bool IsAnchored(X509Chain chain)
    {
        foreach (var element in chain.ChainElements)
        {
            if (Array.Exists(element.ChainElementStatus, status => (status.Status & ~NotAnchored) != X509ChainStatusFlags.NoError))
            {
                return false;
            }

            if (anchors.Any(anchor => anchor.RawDataMemory.Span.SequenceEqual(element.Certificate.RawDataMemory.Span)))
            {
                return true;
            }
        }

        return false;
    }
}
