using System.Net;

namespace ServiceProviderOcm.Core.Kubernetes.Objects;

/// <summary>
/// An API server rejected a request, or was unreachable: its <c>Status</c> as an exception. Its message never has the content of a
/// request. Whether it quotes the response depends on who administers the server.
/// </summary>
public sealed class KubernetesApiException : Exception
{
    /// <summary>The <see cref="Reason"/> of a creation that fails since an object of this name exists.</summary>
    public const string AlreadyExists = "AlreadyExists";

    /// <summary>
    /// The <see cref="Reason"/> where a server sends more than a limit of this client allows. The message has the limit's name, its value and
    /// what was read.
    /// </summary>
    internal const string LimitExceeded = "LimitExceeded";

    /// <summary>The error of a request.</summary>
    /// <param name="code">HTTP status code; 0 if no answer came.</param>
    /// <param name="reason">The Status' reason, such as <c>NotFound</c>, or one of this client if the server did not respond.</param>
    /// <param name="message">The Status' message, or what was attempted with which result.</param>
    /// <param name="retryAfter">The delay of the server's Retry-After header, if any.</param>
    /// <param name="inner">The underlying error.</param>
    public KubernetesApiException(
        int code, string reason, string message, TimeSpan? retryAfter = null, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        Reason = reason;
        RetryAfter = retryAfter;
    }

    /// <summary>HTTP status code; 0 if there is no answer.</summary>
    public int Code { get; }

    /// <summary>Machine-readable reason, such as <c>AlreadyExists</c>.</summary>
    public string Reason { get; }

    /// <summary>The delay of the server's Retry-After header, if any.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The same error, with the operation that failed.</summary>
    public KubernetesApiException During(string what) =>
        new(Code, Reason, $"{what}: {Message}", RetryAfter, this) { IsFixedLimit = IsFixedLimit };

    /// <summary>The same error with another message, and without the underlying error.</summary>
    public KubernetesApiException WithMessage(string message) => new(Code, Reason, message, RetryAfter) { IsFixedLimit = IsFixedLimit };

    /// <summary>The object, or its kind, does not exist.</summary>
    public bool IsNotFound => Code == (int)HttpStatusCode.NotFound;

    /// <summary>The credentials are valid, and lack the permission.</summary>
    public bool IsForbidden => Code == (int)HttpStatusCode.Forbidden;

    /// <summary>The credentials are not accepted, or lack the permission. Permissions may be granted later.</summary>
    public bool IsDenied => IsForbidden || Code == (int)HttpStatusCode.Unauthorized;

    /// <summary>The requested resourceVersion has expired: list again.</summary>
    public bool IsGone => Code == (int)HttpStatusCode.Gone;

    /// <summary>The object has changed meanwhile, or a precondition does not hold.</summary>
    public bool IsConflict => Code == (int)HttpStatusCode.Conflict;

    /// <summary>An object of this name exists already.</summary>
    public bool IsAlreadyExists => IsConflict && Reason == AlreadyExists;

    /// <summary>The server sends more than a limit of this client allows.</summary>
    public bool IsOverLimit => Reason == LimitExceeded;

    /// <summary>The limit that is exceeded is no setting.</summary>
    internal bool IsFixedLimit { get; init; }

    /// <summary>The server is unreachable, overloaded or failing: the same request may succeed later.</summary>
    public bool IsTransient => Code is 0 or 408 or 429 or >= 500;
}
