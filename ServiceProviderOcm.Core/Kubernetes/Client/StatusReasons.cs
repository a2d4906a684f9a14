using System.Collections.Frozen;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>
/// The reasons of a <c>Status</c> that the API machinery defines. Any other text there is replaced by the status code: it may be long,
/// secret, or one of this client's own reasons.
/// </summary>
internal static class StatusReasons
{
    private static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(
        [
            "Unauthorized",
            "Forbidden",
            "NotFound",
            "AlreadyExists",
            "Conflict",
            "Gone",
            "Invalid",
            "ServerTimeout",
            "StoreReadError",
            "Timeout",
            "TooManyRequests",
            "BadRequest",
            "MethodNotAllowed",
            "NotAcceptable",
            "RequestEntityTooLarge",
            "UnsupportedMediaType",
            "InternalError",
            "Expired",
            "ServiceUnavailable",
        ],
        StringComparer.Ordinal);

    /// <summary>The reason, if it is a defined one; otherwise null.</summary>
    public static string? Find(string? reason) => reason is not null && Known.Contains(reason) ? reason : null;
}
