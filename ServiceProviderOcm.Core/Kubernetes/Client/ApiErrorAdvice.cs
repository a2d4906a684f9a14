using System.Net;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>What to do about an error of an API server.</summary>
/// <param name="Kind">The kind of the error.</param>
/// <param name="Fix">
/// What fixes the error, as an imperative without capital letter and full stop, so that callers can say who must do it:
/// <c>"A platform operator must " + Fix</c>.
/// </param>
public sealed record ApiErrorAdvice(ApiErrorKind Kind, string Fix)
{
    /// <summary>What fixes that a limit is exceeded which is no setting.</summary>
    internal const string FixOfFixedLimit = "delete or shrink what exceeds the limit, which cannot be raised";

    /// <summary>The advice for an error.</summary>
    public static ApiErrorAdvice For(KubernetesApiException error) => error.Code switch
    {
        (int)HttpStatusCode.Unauthorized => new(ApiErrorKind.Unauthorized, "renew the credentials"),
        (int)HttpStatusCode.Forbidden => new(ApiErrorKind.Forbidden, "grant the missing permission"),
        (int)HttpStatusCode.NotFound => new(ApiErrorKind.NotFound, "create what is missing"),
        (int)HttpStatusCode.Conflict =>
            new(ApiErrorKind.Conflict, "find the other writer of the object (kubectl get --show-managed-fields)"),
        _ when error.Reason == ApiErrors.UnreadableReason => new(ApiErrorKind.Rejected, "correct or delete the object"),
        (int)HttpStatusCode.UnprocessableEntity => new(ApiErrorKind.Invalid, "correct the fields that the server rejects"),
        _ when error is { IsOverLimit: true, IsFixedLimit: true } => new(ApiErrorKind.LimitExceeded, FixOfFixedLimit),
        _ when error.IsOverLimit => new(ApiErrorKind.LimitExceeded, "reduce what the cluster sends, or raise the limit"),
        _ when error.IsTransient => new(ApiErrorKind.Unavailable, "check that the cluster is running and reachable"),
        _ => new(ApiErrorKind.Rejected, "correct what the server reports"),
    };

    /// <summary>The fix as a sentence, for commands that a person repeats.</summary>
    public static string ForCommand(KubernetesApiException error)
    {
        var fix = For(error).Fix;
        return $"{char.ToUpperInvariant(fix[0])}{fix[1..]}, and retry.";
    }
}
