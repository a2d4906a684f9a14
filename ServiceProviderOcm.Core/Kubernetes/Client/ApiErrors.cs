using System.Globalization;
using System.Net;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>Turns every way in which a request can fail into a <see cref="KubernetesApiException"/>.</summary>
/// <param name="maxBytes">The maximum size of a response that is read.</param>
/// <param name="quotesServer">Whether messages quote the server.</param>
/// <param name="time">Clock, where a server does not say what its own shows.</param>
internal sealed class ApiErrors(bool quotesServer, TimeProvider time, int maxBytes = 64 << 10)
{
    /// <summary>
    /// The reason given where no connection could be made, so that the request has surely not been carried out: looking up the
    /// name, connecting, the TLS handshake and the way through a proxy all come before its first byte.
    /// </summary>
    public const string NotReached = "NotReached";

    /// <summary>The reason given where the connection broke before the answer was complete.</summary>
    public const string BrokenOff = "BrokenOff";

    /// <summary>The reason given where the time was up; the request is not repeated on the spot, as it has taken long enough.</summary>
    public const string TimedOut = "TimedOut";

    /// <summary>The reason given where the server answers, and an object cannot be read.</summary>
    public const string UnreadableReason = "Unreadable";

    // What a server sends does not become less within seconds.
    private static readonly TimeSpan LimitDelay = TimeSpan.FromSeconds(30);

    private const string Denied = " denied";

    // What a server asks for beyond this is no plan, and may be more than a timer takes.
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    /// <summary>The error that a response reports.</summary>
    /// <exception cref="TooLongException">The server has sent too much, or there is no memory left for the response.</exception>
    public async Task<KubernetesApiException> FromResponseAsync(
        ApiRequest request, HttpResponseMessage response, ReadShare? share, CancellationToken cancellationToken)
    {
        var retryAfter = RetryAfter(response);
        try
        {
            using var content = new AnswerContent(nameof(ReadLimits.ErrorBytes), maxBytes, share);
            await content.ReadAsync(await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken);
            using var document = content.OpenDocument();
            return FromStatus(request.Kind, request.Attempt, document.RootElement, (int)response.StatusCode, retryAfter);
        }
        catch (Exception exception) when (TransportErrors.Find<TooLongException>(exception) is { Excess.Limit: var limit }
            ? limit == nameof(ReadLimits.ErrorBytes)
            : exception is JsonException or IOException or HttpRequestException or InvalidOperationException)
        {
            return FromStatus(request.Kind, request.Attempt, default, (int)response.StatusCode, retryAfter);
        }
    }

    /// <summary>The error that a Status reports.</summary>
    /// <param name="kind">The kind that was requested.</param>
    /// <param name="attempt">What was requested.</param>
    /// <param name="status">The Status; what is not one counts as an empty one.</param>
    /// <param name="code">The code of the response; 0 in a stream.</param>
    /// <param name="retryAfter">The delay that the response's headers ask for.</param>
    public KubernetesApiException FromStatus(
        ResourceKind kind, string attempt, JsonElement status, int code = 0, TimeSpan? retryAfter = null)
    {
        var given = StatusReasons.Find(status.Text("reason"));
        code = status.Number("code") is >= 100 and < 600 and var number ? (int)number : code > 0 ? code : CodeOf(given);
        var reason = given ?? ((HttpStatusCode)code).ToString();
        retryAfter ??= Bounded(TimeSpan.FromSeconds(Math.Clamp(status.Number("details", "retryAfterSeconds") ?? 0, 0, int.MaxValue)));
        var message = quotesServer
            ? ForeignText.Quote(Message(kind, status, code, reason))
            : string.Create(CultureInfo.InvariantCulture, $"{attempt}: HTTP {code} {reason}");
        return new KubernetesApiException(code, reason, message, retryAfter);
    }

    /// <summary>The error that prevented a response, or made it unreadable.</summary>
    /// <param name="exception">The error.</param>
    /// <param name="attempt">What was requested.</param>
    public KubernetesApiException FromException(Exception exception, string attempt) => exception switch
    {
        KubernetesApiException already => already,
        KubeconfigException noAccess => NoAccess(noAccess),
        _ when !quotesServer => new KubernetesApiException(0, ReasonOf(exception), $"{attempt}: {Describe(exception)}"),
        OperationCanceledException or JsonException =>
            new KubernetesApiException(0, ReasonOf(exception), Describe(exception), inner: exception),
        _ => new KubernetesApiException(0, ReasonOf(exception), ForeignText.Quote(Innermost(exception)), inner: exception),
    };

    /// <summary>A bug: it is retried like a failed request, and the log has it.</summary>
    public static KubernetesApiException Unexpected(Exception exception) =>
        new(0, nameof(Unexpected), $"unexpected {exception.GetType().Name}");

    /// <summary>There is no usable kubeconfig.</summary>
    public static KubernetesApiException NoAccess(KubeconfigException exception) => new(0, NotReached, exception.Message, inner: exception);

    /// <summary>A server sends more than allowed. The request is not repeated on the spot.</summary>
    /// <param name="message">What was read, what it exceeds, and the limit's name.</param>
    /// <param name="retryAfter">How long to wait before anything else is read.</param>
    /// <param name="isFixedLimit">Whether the limit is no setting.</param>
    public static KubernetesApiException OverLimit(string message, TimeSpan? retryAfter = null, bool isFixedLimit = false) =>
        new(0, KubernetesApiException.LimitExceeded, message, retryAfter ?? LimitDelay) { IsFixedLimit = isFixedLimit };

    /// <summary>An object cannot be read, or exceeds a limit.</summary>
    public static KubernetesApiException Unreadable(ResourceKind kind, UnreadableObject unreadable) => new(
        (int)HttpStatusCode.UnprocessableEntity,
        unreadable.Excess is null ? UnreadableReason : KubernetesApiException.LimitExceeded,
        $"{kind.Kind} {unreadable.Name} cannot be read: {unreadable.Error}");

    public static KubernetesApiException AnotherServer(Uri before, Uri now) => new(
        (int)HttpStatusCode.Gone, "Expired", $"listed from {before.Host}, but the cluster is now at {now.Host}");

    public static KubernetesApiException MayNotWrite(string clusterName) => new(
        (int)HttpStatusCode.PreconditionFailed,
        "NotLeading",
        $"the write to the {clusterName} was not sent: leadership lost, or not confirmed");

    public static KubernetesApiException UnconfirmedNotFound(ResourceKind kind, KubernetesApiException notFound) => new(
        0,
        BrokenOff,
        $"{kind.QualifiedPlural} answered with 404 by something that is not sure to be an API server",
        inner: notFound);

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers switch
    {
        { RetryAfter.Delta: { } delay } => Bounded(delay),
        { RetryAfter.Date: { } date, Date: var now } => Bounded(date - (now ?? time.GetUtcNow())),
        _ => null,
    };

    private static TimeSpan? Bounded(TimeSpan delay) =>
        delay <= TimeSpan.Zero ? null : delay < LongestRetryAfter ? delay : LongestRetryAfter;

    private static string ReasonOf(Exception exception) => exception switch
    {
        HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError
        } => NotReached,
        OperationCanceledException => TimedOut,
        _ => BrokenOff,
    };

    private static string Describe(Exception exception) => exception switch
    {
        OperationCanceledException => "no answer in time",
        UnreadableObjectException unreadable => $"the object in the response cannot be read: {unreadable.Message}",
        JsonException => "the response is not valid JSON of an API server",
        _ => TransportErrors.Describe(exception),
    };

    // The code of an error that came in a stream and does not say it.
    private static int CodeOf(string? reason) =>
        (int)(reason is "Expired" or "Gone" ? HttpStatusCode.Gone : HttpStatusCode.InternalServerError);

    private static string Message(ResourceKind kind, JsonElement status, int code, string reason)
    {
        var message = status.Text("message") is { Length: > 0 } text ? text : HttpStatusLine((HttpStatusCode)code);
        return kind == Kinds.Secret || kind == Kinds.TokenReview ? WithoutValues(kind, message, status, code, reason) : message;
    }

    // What the server says of a rejected Secret or token may quote it, so only the names of the fields are passed on; so may
    // what others put after "denied the request", in answers of any code.
    private static string WithoutValues(ResourceKind kind, string message, JsonElement status, int code, string reason)
    {
        switch ((HttpStatusCode)code)
        {
            case HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity:
                var fields = string.Join(", ", status.Items("details", "causes").Select(cause => cause.Text("field")).OfType<string>());
                return fields.Length == 0 ? $"the {kind.Kind} is not valid ({reason})" : $"the {kind.Kind} is not valid: {fields}";
            case HttpStatusCode.InternalServerError:
                return HttpStatusLine((HttpStatusCode)code);
            default:
                var end = message.IndexOf(Denied, StringComparison.Ordinal);
                return end < 0 ? message : message[..(end + Denied.Length)];
        }
    }

    private static string HttpStatusLine(HttpStatusCode code) =>
        string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)code} {code}");

    private static string Innermost(Exception exception) => exception.GetBaseException().Message;
}
