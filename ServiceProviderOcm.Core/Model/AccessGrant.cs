using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;

namespace ServiceProviderOcm.Core.Model;

/// <summary>Reads the answer to an AccessRequest or ClusterRequest.</summary>
public static class AccessGrant
{
    /// <summary>Whether the request is granted as it is now, and not only as it once was.</summary>
    public static bool IsGranted(KubeObject request) => IsCurrent(request) && Phase(request) == "Granted";

    /// <summary>Whether the request is denied as it is now.</summary>
    public static bool IsDenied(KubeObject request) => IsCurrent(request) && Phase(request) == "Denied";

    /// <summary>Whether an AccessRequest is granted and names the Secret with the kubeconfig.</summary>
    public static bool IsUsable(KubeObject accessRequest) => IsGranted(accessRequest) && SecretName(accessRequest).Length > 0;

    /// <summary>The Secret with the kubeconfig, beside the AccessRequest; empty if it names none, or what cannot be a name.</summary>
    public static string SecretName(KubeObject accessRequest) =>
        accessRequest.Json.Text("status", "secretRef", "name") is { } name && DnsNames.IsSubdomain(name) ? name : "";

    /// <summary>What the granting side says of a request, as messages quote it: the messages of its conditions that are not True.</summary>
    /// <param name="request">The request. Each message may be cut, and is redacted by itself.</param>
    /// <param name="secrets">The values that the explanation must not show; null if none are known.</param>
    public static string Explanation(KubeObject request, SecretValues? secrets = null) => ForeignText.Quote(
        string.Join(
            "; ",
            request.Json.Items("status", "conditions")
                .Where(condition => condition.Text("status") != "True")
                .Select(condition => condition.Text("message"))
                .Select(message => ForeignText.Quote(message, secrets))
                .Where(message => message.Length > 0)),
        secrets);

    private static bool IsCurrent(KubeObject request) => request.Json.Number("status", "observedGeneration") == request.Generation;

    private static string? Phase(KubeObject request) => request.Json.Text("status", "phase");
}
