using System.Text.Json;
using Polly;
using Polly.Retry;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Timing;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>Sends requests over the connection that there is at the time: repeats, time limits, one type of error, metrics.</summary>
internal sealed class ApiTransport
{
    private readonly string _clusterName;
    private readonly IConnectionSource _connections;
    private readonly KubernetesApiOptions _options;
    private readonly TimeProvider _time;
    private readonly RequestMetrics _metrics;
    private readonly Backoff _backoff;
    private readonly ResiliencePipeline _repeatable;
    private readonly ResiliencePipeline _once;
    private readonly RequestTurn? _turn;

    public ApiTransport(
        string clusterName, IConnectionSource connections, KubernetesApiOptions options, TimeProvider time, RequestMetrics metrics)
    {
        _clusterName = clusterName;
        _connections = connections;
        _options = options;
        _time = time;
        _metrics = metrics;
        Errors = new ApiErrors(options.QuotesServer, time, options.Limits.ErrorBytes);
        _backoff = new Backoff(options.RetryDelay, TimeSpan.FromTicks(TimeSpan.MaxValue.Ticks / 2), Random.Shared);
        _repeatable = Pipeline(exception =>
            exception is { IsTransient: true, IsOverLimit: false, Reason: not ApiErrors.TimedOut });
        _once = Pipeline(exception => exception.Code == 429 || exception.Reason == ApiErrors.NotReached);
        _turn = options.SendsInTurn ? new RequestTurn() : null;
    }

    /// <summary>Describes errors of this server.</summary>
    public ApiErrors Errors { get; }

    /// <summary>What is charged for all that is read; null: nothing.</summary>
    public ReadShare? Share => _connections.Share;

    /// <summary>Whether a request has failed by this, rather than been cancelled or met a bug.</summary>
    public static bool IsFailure(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        HttpRequestException or IOException or JsonException or KubeconfigException or ObjectDisposedException or TooLongException => true,
        _ => false,
    };

    /// <summary>The connection that there is now.</summary>
    public async Task<ClusterConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _connections.GetAsync(cancellationToken);
        }
        catch (KubeconfigException exception)
        {
            throw ApiErrors.NoAccess(exception);
        }
    }

    /// <summary>Sends a request, again where it may be repeated, and reads the answer.</summary>
    /// <param name="request">The request.</param>
    /// <param name="read">Reads the answer of the server at a URL; throws a <see cref="JsonException"/> if it is malformed.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public Task<T> SendAsync<T>(ApiRequest request, Func<JsonElement, Uri, T> read, CancellationToken cancellationToken) => SendAsync(
        request,
        async (stream, server, token) =>
        {
            using var content = new AnswerContent(nameof(ReadLimits.AnswerBytes), _options.Limits.AnswerBytes, Share);
            await content.ReadAsync(stream, token);
            using var document = content.OpenDocument();
            return read(document.RootElement, server);
        },
        cancellationToken);

    /// <inheritdoc cref="SendAsync{T}(ApiRequest, Func{JsonElement, Uri, T}, CancellationToken)"/>
    public async Task<T> SendAsync<T>(
        ApiRequest request, Func<Stream, Uri, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        await (request.IsSafeToRepeat ? _repeatable : _once).ExecuteAsync(
            static async (state, token) => await state.Transport.SendInTurnAsync(state.Request, state.Read, token),
            (Transport: this, Request: request, Read: read),
            cancellationToken);

    /// <summary>Sends a request once; the answer is a good one, whose content has not been read yet.</summary>
    /// <param name="connection">Where to.</param>
    /// <param name="request">The request.</param>
    /// <param name="stop">Ends waiting for the answer.</param>
    /// <param name="cancellationToken">The caller's own wish among the causes of that, which is no failure.</param>
    public async Task<HttpResponseMessage> OpenAsync(
        ClusterConnection connection, ApiRequest request, CancellationToken stop, CancellationToken cancellationToken)
    {
        try
        {
            using var message = request.ToMessage(connection.BaseUri);
            var response = await SendAsync(connection, message, stop);
            if (response.IsSuccessStatusCode)
            {
                // Nothing needs them, and a watch would keep them as long as it lasts.
                response.Headers.Clear();
                response.Content.Headers.Clear();
                response.ReasonPhrase = null;
                return response;
            }

            using (response)
            {
                throw await Errors.FromResponseAsync(request, response, Share, stop);
            }
        }
        catch (Exception exception) when (IsFailure(exception, cancellationToken))
        {
            throw ErrorOf(request, exception);
        }
    }

    /// <summary>The error of a request that has failed by an exception.</summary>
    public KubernetesApiException ErrorOf(ApiRequest request, Exception exception) =>
        TransportErrors.Find<TooLongException>(exception) is { } tooLong
            ? OverLimit(request, tooLong.Excess, tooLong.RetryAfter)
        : _options.Limits.HeaderBytes is { } headers && TransportErrors.HasTooLongHeaders(exception)
            ? OverLimit(request, LimitExcess.HeaderBytes(headers))
            : Errors.FromException(exception, request.Attempt);

    /// <summary>Counts that a limit is exceeded.</summary>
    /// <param name="request">The request.</param>
    /// <param name="excess">The limit, and what exceeds it.</param>
    /// <param name="retryAfter">How long to wait before anything else is read.</param>
    public KubernetesApiException OverLimit(ApiRequest request, LimitExcess excess, TimeSpan? retryAfter = null)
    {
        _metrics.Limits.Exceeded(excess.MetricName);
        return ApiErrors.OverLimit(
            $"{request.Attempt} on the {_clusterName}: {excess.Describe(_options.Limits.FlagPrefix)}", retryAfter, !excess.IsSetting);
    }

    private Task<T> SendInTurnAsync<T>(
        ApiRequest request, Func<Stream, Uri, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        _turn is null
            ? SendOnceAsync(request, read, cancellationToken)
            : _turn.TakeAsync(request, () => SendOnceAsync(request, read, cancellationToken), cancellationToken);

    private async Task<T> SendOnceAsync<T>(
        ApiRequest request, Func<Stream, Uri, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        var connection = await ConnectAsync(cancellationToken);
        using var timeout = new CancellationTokenSource(_options.RequestTimeout, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        if (request.IsWrite && _options.MayWrite?.Invoke() == false)
        {
            throw ApiErrors.MayNotWrite(_clusterName);
        }

        using var response = await OpenAsync(connection, request, stop.Token, cancellationToken);
        try
        {
            return await read(await response.Content.ReadAsStreamAsync(stop.Token), connection.BaseUri, stop.Token);
        }
        catch (Exception exception) when (IsFailure(exception, cancellationToken))
        {
            throw ErrorOf(request, exception);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(ClusterConnection connection, HttpRequestMessage message, CancellationToken stop)
    {
        var started = _time.GetTimestamp();
        try
        {
            var response = await connection.SendAsync(message, stop);
            _metrics.Answered(message.Method, HostOf(connection), response.StatusCode, _time.GetElapsedTime(started));
            return response;
        }
        catch (Exception)
        {
            _metrics.Failed(message.Method, HostOf(connection), _time.GetElapsedTime(started));
            throw;
        }
    }

    private string HostOf(ClusterConnection connection) => _options.MetricsHost ?? connection.BaseUri.Authority;

    private ResiliencePipeline Pipeline(Predicate<KubernetesApiException> shouldRepeat) =>
        new ResiliencePipelineBuilder { TimeProvider = _time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = Math.Max(1, _options.MaxRetries),
                ShouldHandle = arguments => ValueTask.FromResult(
                    _options.MaxRetries > 0
                    && arguments.Outcome.Exception is KubernetesApiException exception
                    && shouldRepeat(exception)
                    && (exception.RetryAfter is null || exception.RetryAfter <= _options.LongestRetryAfter)),
                DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(
                    (arguments.Outcome.Exception as KubernetesApiException)?.RetryAfter ?? _backoff.Delay(arguments.AttemptNumber)),
            })
            .Build();
}
