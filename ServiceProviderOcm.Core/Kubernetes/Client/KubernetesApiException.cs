using System.Net;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>
/// A request that an API server refused, or that did not reach it. Carries what the server's <c>Status</c> says; never a
/// request's or response's content, which may be secret.
/// </summary>
public sealed class KubernetesApiException : Exception
{
    /// <summary>The request was refused.</summary>
    /// <param name="code">HTTP status code; 0 if no answer came.</param>
    /// <param name="reason">The Status' reason, such as <c>NotFound</c>, or one of our own where no answer came.</param>
    /// <param name="message">The Status' message.</param>
    /// <param name="retryAfter">How long the server asks to be left alone, if it does.</param>
    /// <param name="inner">What went wrong below.</param>
    public KubernetesApiException(
        int code, string reason, string message, TimeSpan? retryAfter = null, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        Reason = reason;
        RetryAfter = retryAfter;
    }

    /// <summary>HTTP status code; 0 if the server was not reached or broke off.</summary>
    public int Code { get; }

    /// <summary>Machine-readable reason, such as <c>AlreadyExists</c>.</summary>
    public string Reason { get; }

    /// <summary>How long the server asks to be left alone, if it does.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The same failure, with what it has kept from being done.</summary>
    public KubernetesApiException During(string what) => new(Code, Reason, $"{what}: {Message}", RetryAfter, this);

    /// <summary>The object, or its kind, is not there.</summary>
    public bool IsNotFound => Code == (int)HttpStatusCode.NotFound;

    /// <summary>The version asked for is no longer kept: list again.</summary>
    public bool IsGone => Code == (int)HttpStatusCode.Gone;

    /// <summary>Somebody else has changed the object meanwhile, or a precondition does not hold.</summary>
    public bool IsConflict => Code == (int)HttpStatusCode.Conflict;

    /// <summary>The server was not reached, is overloaded or failed: the same request may succeed later.</summary>
    public bool IsTransient => Code is 0 or 408 or 429 or >= 500;
}
