using Microsoft.AspNetCore.Http;
using ServiceProviderOcm.Core.Kubernetes.Text;

namespace ServiceProviderOcm.Worker.Endpoints;

/// <summary>The decision whether a caller may read the metrics.</summary>
/// <param name="StatusCode">The HTTP status code to answer with; 200 if they may.</param>
/// <param name="Message">Why not; empty if they may.</param>
internal sealed record AccessDecision(int StatusCode, string Message)
{
    public static readonly AccessDecision Allowed = new(StatusCodes.Status200OK, "");

    public static readonly AccessDecision Unauthenticated = new(
        StatusCodes.Status401Unauthorized, "Send a valid bearer token of the platform cluster in the header Authorization.");

    public static readonly AccessDecision Unavailable = new(
        StatusCodes.Status503ServiceUnavailable, "The access review on the platform cluster failed; see the log.");

    /// <summary>In how many seconds to retry; null if that is not known.</summary>
    public int? RetryAfterSeconds { get; init; }

    public bool IsAllowed => StatusCode == StatusCodes.Status200OK;

    public static AccessDecision Forbidden(string user, string? reason) => new(
        StatusCodes.Status403Forbidden,
        $"User \"{ForeignText.Quote(user)}\" is not allowed to get {MetricsAccess.Path}"
            + $"{(string.IsNullOrEmpty(reason) ? "" : $": {ForeignText.Quote(reason)}")}");

    /// <summary>The token was not reviewed, because too many others are.</summary>
    public static AccessDecision TooMany(TimeSpan wait) => new(
        StatusCodes.Status429TooManyRequests, "Too many unknown tokens. Retry later.")
    {
        RetryAfterSeconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)),
    };
}
