using System.Net;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>What to do about errors of API servers.</summary>
public static class ApiErrorAdvice
{
    /// <summary>
    /// What fixes the error, as an imperative without capital letter and full stop, so that callers can say who must do it:
    /// <c>"A platform operator must " + For(error)</c>.
    /// </summary>
    public static string For(KubernetesApiException error) => error.Code switch
    {
        (int)HttpStatusCode.Unauthorized => "renew the credentials",
        (int)HttpStatusCode.Forbidden => "grant the missing permission",
        (int)HttpStatusCode.NotFound => "create what is missing",
        (int)HttpStatusCode.Conflict => "find the other writer of the object (kubectl get --show-managed-fields)",
        _ when error.Reason == ApiErrors.UnreadableReason => "correct or delete the object",
        (int)HttpStatusCode.UnprocessableEntity => "correct the fields that the server rejects",
        _ when error.Reason == ApiErrors.LimitExceeded => "reduce what the cluster sends, or raise the limit",
        _ when error.IsTransient => "check that the cluster is running and reachable",
        _ => "correct what the server reports",
    };

    /// <summary>The same as a sentence, for commands that a person repeats.</summary>
    public static string ForCommand(KubernetesApiException error)
    {
        var fix = For(error);
        return $"{char.ToUpperInvariant(fix[0])}{fix[1..]}, and retry.";
    }
}
