namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>The kinds of errors of API servers, by what to do about them.</summary>
public enum ApiErrorKind
{
    /// <summary>The server does not accept the credentials.</summary>
    Unauthorized,

    /// <summary>A permission is missing.</summary>
    Forbidden,

    /// <summary>The object, its namespace or its kind does not exist.</summary>
    NotFound,

    /// <summary>Another writer has changed the object, or manages its fields.</summary>
    Conflict,

    /// <summary>The object is not valid.</summary>
    Invalid,

    /// <summary>The server is unreachable, overloaded or fails.</summary>
    Unavailable,

    /// <summary>The server sends more than a limit of this client allows.</summary>
    LimitExceeded,

    /// <summary>The server rejects the request for another reason.</summary>
    Rejected,
}
