using System.Net;
using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Core.Setup;

/// <summary>What to do about an API server's refusal.</summary>
public static class SetupAdvice
{
    /// <summary>The cure, in sentences.</summary>
    public static string For(KubernetesApiException exception) => exception.Code switch
    {
        (int)HttpStatusCode.Unauthorized => "Renew the credentials, and try again.",
        (int)HttpStatusCode.Forbidden => "Grant the permission, and try again.",
        (int)HttpStatusCode.UnprocessableEntity =>
            "If a newer release has been here, install that again; otherwise see to what the server says.",
        (int)HttpStatusCode.Conflict => "Somebody else changes it all the time; find out who, and try again.",
        _ when exception.IsTransient => "See whether the cluster is up and can be reached, and try again.",
        _ => "See to what the server says, and try again.",
    };
}
