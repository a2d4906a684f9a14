using System.Text;

namespace ServiceProviderOcm.Sandbox.Demo.Clusters;

/// <summary>Kubeconfigs for servers on this machine.</summary>
internal static class LocalKubeconfig
{
    /// <summary>A kubeconfig with one cluster and one user.</summary>
    /// <param name="cluster">What cluster and context are called.</param>
    /// <param name="url">The server's root.</param>
    /// <param name="caPem">The certificate authority to trust, PEM.</param>
    /// <param name="user">The user's name.</param>
    /// <param name="token">The user's bearer token.</param>
    public static string Of(string cluster, Uri url, string caPem, string user, string token) => $"""
        apiVersion: v1
        kind: Config
        clusters:
          - name: {cluster}
            cluster:
              server: {url.GetLeftPart(UriPartial.Authority)}
              certificate-authority-data: {Convert.ToBase64String(Encoding.ASCII.GetBytes(caPem))}
        users:
          - name: {user}
            user:
              token: {token}
        contexts:
          - name: {cluster}
            context:
              cluster: {cluster}
              user: {user}
        current-context: {cluster}

        """;
}
