using System.Net;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Setup;

/// <summary>What to do about a failed request.</summary>
public static class SetupAdvice
{
    /// <summary>The fix, in sentences.</summary>
    public static string For(KubernetesApiException exception) => exception.Code switch
    {
        (int)HttpStatusCode.Unauthorized => "Renew the credentials and retry.",
        (int)HttpStatusCode.Forbidden => "Grant the permission and retry.",
        (int)HttpStatusCode.UnprocessableEntity =>
            "If a newer release was installed before, install it again; otherwise fix what the server reports.",
        (int)HttpStatusCode.Conflict => "Another writer keeps changing the object; find it (kubectl get --show-managed-fields) and retry.",
        _ when exception.IsTransient => "Check that the cluster is running and reachable, and retry.",
        _ => "Fix what the server reports and retry.",
    };
}
