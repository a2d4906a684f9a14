using Microsoft.AspNetCore.Http;

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

    public bool IsAllowed => StatusCode == StatusCodes.Status200OK;

    public static AccessDecision Forbidden(string user, string? reason) => new(
        StatusCodes.Status403Forbidden,
        $"User \"{user}\" is not allowed to get {MetricsAccess.Path}{(string.IsNullOrEmpty(reason) ? "" : $": {reason}")}");
}
