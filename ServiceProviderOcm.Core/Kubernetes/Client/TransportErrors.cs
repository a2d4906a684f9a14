using System.Net.Sockets;
using System.Security.Authentication;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>
/// Describes why a request got no answer, in words of this client. Messages of the HTTP stack quote headers and status lines of the server.
/// </summary>
internal static class TransportErrors
{
    // The rest of it are names of flags.
    private const string RejectedCertificate = "The remote certificate is invalid";

    public static string Describe(Exception exception) => exception switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "the host name is not known",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => $"no connection{SocketErrorOf(exception)}",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => $"the TLS handshake failed{TlsErrorOf(exception)}",
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } => "the proxy made no connection",
        _ when HasTooLongHeaders(exception) => "the headers of the response are too long",
        HttpRequestException { HttpRequestError: HttpRequestError.HttpProtocolError or HttpRequestError.InvalidResponse } =>
            "the response is not valid HTTP",
        ObjectDisposedException => "the connection was replaced",
        _ => $"the connection broke before the response was complete{SocketErrorOf(exception)}",
    };

    /// <summary>The first exception of a type among an exception and its causes.</summary>
    public static T? Find<T>(Exception? exception)
        where T : Exception => Causes(exception).OfType<T>().FirstOrDefault();

    /// <summary>Whether the headers or trailers of an answer are longer than the connection allows.</summary>
    public static bool HasTooLongHeaders(Exception exception) =>
        Causes(exception).Any(cause => cause is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded });

    private static IEnumerable<Exception> Causes(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            yield return exception;
        }
    }

    private static string SocketErrorOf(Exception exception) =>
        Find<SocketException>(exception) is { } socket ? $" ({socket.SocketErrorCode})" : "";

    private static string TlsErrorOf(Exception exception) =>
        Find<AuthenticationException>(exception) is { Message: var message }
            && message.StartsWith(RejectedCertificate, StringComparison.Ordinal) ? $": {message}" : SocketErrorOf(exception);
}
