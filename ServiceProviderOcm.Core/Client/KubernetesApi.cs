using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polly;
using Polly.Retry;
using ServiceProviderOcm.Core.Objects;
using ServiceProviderOcm.Core.Telemetry;

namespace ServiceProviderOcm.Core.Client;

/// <summary>
/// <see cref="IKubernetesApi"/> over a <see cref="ClusterConnection"/>: raw objects in and out, one type of error, and
/// retries where a request may be repeated.
/// </summary>
public sealed class KubernetesApi : IKubernetesApi
{
    private static readonly ResourceKind NoKind = new("", "", "", "");

    private readonly IConnectionSource _connections;
    private readonly KubernetesApiOptions _options;
    private readonly TimeProvider _time;
    private readonly RequestMetrics _metrics;
    private readonly ResiliencePipeline _repeatable;
    private readonly ResiliencePipeline _once;

    /// <summary>A client of the cluster that <paramref name="connections"/> leads to.</summary>
    public KubernetesApi(
        string clusterName, IConnectionSource connections, KubernetesApiOptions options, TimeProvider time, RequestMetrics metrics)
    {
        ClusterName = clusterName;
        _connections = connections;
        _options = options;
        _time = time;
        _metrics = metrics;
        _repeatable = Pipeline(exception => exception.IsTransient && exception.Reason != ApiErrors.TimedOut);
        _once = Pipeline(exception => exception.Code == 429 || exception.Reason == ApiErrors.NotReached);
    }

    /// <inheritdoc/>
    public string ClusterName { get; }

    /// <inheritdoc/>
    public async Task<KubeObject> GetAsync(ResourceKind kind, ObjectKey key, CancellationToken cancellationToken) =>
        await SendAsync(new ApiRequest(HttpMethod.Get, kind, ApiPath.Of(kind, key)), ReadObject, cancellationToken);

    /// <inheritdoc/>
    public async Task<ListPage> ListAsync(ResourceKind kind, ListRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(new ApiRequest(HttpMethod.Get, kind, ApiPath.Of(kind, request)), ReadPage, cancellationToken);
        }
        catch (KubernetesApiException notFound) when (notFound.IsNotFound)
        {
            throw await ConfirmAsync(kind, notFound, cancellationToken);
        }
    }

    /// <summary>Asks which API server this is.</summary>
    /// <exception cref="KubernetesApiException">The server refuses or cannot be reached.</exception>
    public async Task<ServerVersion> GetVersionAsync(CancellationToken cancellationToken) => await SendAsync(
        new ApiRequest(HttpMethod.Get, NoKind, "version"),
        (version, server) => new ServerVersion(
            server, version.Text("gitVersion") ?? throw new JsonException("not the version of an API server")),
        cancellationToken);

    /// <summary>Asks in which versions a kind is served; none if it is not.</summary>
    /// <exception cref="KubernetesApiException">The server refuses or cannot be reached.</exception>
    public async Task<IReadOnlyList<string>> GetServedVersionsAsync(ResourceKind kind, CancellationToken cancellationToken)
    {
        List<string> served = [];
        foreach (var version in await GroupVersionsAsync(kind, cancellationToken))
        {
            if (await HasKindAsync(kind with { Version = version }, cancellationToken))
            {
                served.Add(version);
            }
        }

        return served;
    }

    /// <inheritdoc/>
    public async Task<KubeObject> ApplyAsync(
        ResourceKind kind, KubeObject manifest, bool isForced, CancellationToken cancellationToken) =>
        await SendAsync(
            new ApiRequest(
                HttpMethod.Patch,
                kind,
                ApiPath.Of(kind, manifest.Key) + ApiPath.Query(("fieldManager", _options.FieldManager), ("force", isForced ? "true" : null)),
                "application/apply-patch+yaml",
                manifest.Json.ToUtf8Bytes()),
            ReadObject,
            cancellationToken);

    /// <inheritdoc/>
    public async Task<KubeObject> MergePatchAsync(
        ResourceKind kind, ObjectKey key, JsonElement patch, string? subresource, CancellationToken cancellationToken) =>
        await SendAsync(
            new ApiRequest(
                HttpMethod.Patch,
                kind,
                ApiPath.Of(kind, key, subresource) + ApiPath.Query(("fieldManager", _options.FieldManager)),
                "application/merge-patch+json",
                patch.ToUtf8Bytes()),
            ReadObject,
            cancellationToken);

    /// <inheritdoc/>
    public async Task<KubeObject> CreateAsync(ResourceKind kind, KubeObject manifest, CancellationToken cancellationToken) =>
        await SendAsync(
            new ApiRequest(
                HttpMethod.Post,
                kind,
                ApiPath.Of(kind, manifest.Namespace) + ApiPath.Query(("fieldManager", _options.FieldManager)),
                "application/json",
                manifest.Json.ToUtf8Bytes()),
            ReadObject,
            cancellationToken);

    /// <inheritdoc/>
    public async Task<KubeObject?> DeleteAsync(ResourceKind kind, ObjectKey key, DeleteRequest request, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["propagationPolicy"] = request.PropagationPolicy };
        if (request.Uid is not null || request.ResourceVersion is not null)
        {
            var preconditions = new JsonObject();
            if (request.Uid is not null)
            {
                preconditions["uid"] = request.Uid;
            }

            if (request.ResourceVersion is not null)
            {
                preconditions["resourceVersion"] = request.ResourceVersion;
            }

            body["preconditions"] = preconditions;
        }

        return await SendAsync(
            new ApiRequest(HttpMethod.Delete, kind, ApiPath.Of(kind, key), "application/json", body.ToUtf8Bytes()),
            (answer, _) => answer.Text("kind") == "Status" ? null : KubeObjectReader.Read(answer),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<WatchEvent> WatchAsync(
        ResourceKind kind, WatchRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var connection = await ConnectAsync(cancellationToken);
        using var silence = new CancellationTokenSource(_options.WatchSilence, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, connection.Superseded, silence.Token);
        using var response = await OpenWatchAsync(connection, kind, request, stop.Token, cancellationToken);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        request.Opened?.Invoke();
        while (await ReadLineAsync(lines, stop.Token, cancellationToken) is { } line)
        {
            silence.CancelAfter(_options.WatchSilence);
            yield return ReadEvent(kind, line);
        }
    }

    private static KubeObject ReadObject(JsonElement answer, Uri server) => KubeObjectReader.Read(answer);

    // An answer without a version is not a list, whoever gave it: to take it for an empty one would be to lose all objects.
    private static ListPage ReadPage(JsonElement list, Uri server) => new(
        [.. list.Items("items").Select(KubeObjectReader.Read)],
        list.Text("metadata", "resourceVersion") is { Length: > 0 } version ? version : throw new JsonException("not a list"),
        list.Text("metadata", "continue") is { Length: > 0 } next ? next : null,
        server);

    private static WatchEvent ReadEvent(ResourceKind kind, string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var subject = document.RootElement.At("object") is { ValueKind: JsonValueKind.Object } found
                ? found
                : throw new JsonException("not a watch event");
            return document.RootElement.Text("type") switch
            {
                "ADDED" => new WatchEvent(WatchEventType.Added, KubeObjectReader.Read(subject)),
                "MODIFIED" => new WatchEvent(WatchEventType.Modified, KubeObjectReader.Read(subject)),
                "DELETED" => new WatchEvent(WatchEventType.Deleted, KubeObjectReader.Read(subject)),
                "BOOKMARK" => new WatchEvent(WatchEventType.Bookmark, KubeObjectReader.Read(subject)),
                _ => throw ApiErrors.FromStatus(kind, subject),
            };
        }
        catch (JsonException exception)
        {
            throw ApiErrors.FromException(exception);
        }
    }

    // A stream that was cut on purpose (silence, a newer connection) ends; one that broke throws.
    private static async Task<string?> ReadLineAsync(StreamReader lines, CancellationToken stop, CancellationToken cancellationToken)
    {
        try
        {
            return await lines.ReadLineAsync(stop);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
        catch (Exception exception) when (IsFailure(exception, cancellationToken))
        {
            throw ApiErrors.FromException(exception);
        }
    }

    private async Task<T> SendAsync<T>(ApiRequest request, Func<JsonElement, Uri, T> read, CancellationToken cancellationToken) =>
        await (request.IsSafeToRepeat ? _repeatable : _once).ExecuteAsync(
            static async (state, token) => await state.Api.SendOnceAsync(state.Request, state.Read, token),
            (Api: this, Request: request, Read: read),
            cancellationToken);

    private async Task<ClusterConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _connections.GetAsync(cancellationToken);
        }
        catch (KubeconfigException exception)
        {
            throw ApiErrors.FromException(exception);
        }
    }

    private async Task<T> SendOnceAsync<T>(ApiRequest request, Func<JsonElement, Uri, T> read, CancellationToken cancellationToken)
    {
        var connection = await ConnectAsync(cancellationToken);
        using var timeout = new CancellationTokenSource(_options.RequestTimeout, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        if (request.IsWrite && _options.MayWrite?.Invoke() == false)
        {
            throw ApiErrors.MayNotWrite(ClusterName);
        }

        using var response = await OpenAsync(connection, request, stop.Token, cancellationToken);
        try
        {
            using var document = await JsonDocument.ParseAsync(
                await response.Content.ReadAsStreamAsync(stop.Token), cancellationToken: stop.Token);
            return read(document.RootElement, connection.BaseUri);
        }
        catch (Exception exception) when (IsFailure(exception, cancellationToken))
        {
            throw ApiErrors.FromException(exception);
        }
    }

    private async Task<HttpResponseMessage> OpenWatchAsync(
        ClusterConnection connection, ResourceKind kind, WatchRequest request, CancellationToken stop, CancellationToken cancellationToken)
    {
        if (request.Server is { } server && server != connection.BaseUri)
        {
            throw ApiErrors.AnotherServer(server, connection.BaseUri);
        }

        try
        {
            return await OpenAsync(
                connection, new ApiRequest(HttpMethod.Get, kind, ApiPath.Of(kind, request)), stop, cancellationToken);
        }
        catch (KubernetesApiException notFound) when (notFound.IsNotFound)
        {
            throw await ConfirmAsync(kind, notFound, cancellationToken);
        }
    }

    // What stands before an API server, or in its place, may answer 404 to anything. That a kind is not served empties stores,
    // so it is believed only of a server that knows its kinds and has not this one among them.
    private async Task<KubernetesApiException> ConfirmAsync(
        ResourceKind kind, KubernetesApiException notFound, CancellationToken cancellationToken)
    {
        try
        {
            if (kind.Group.Length > 0 && await IsMissingAsync(kind, cancellationToken))
            {
                return notFound;
            }
        }
        catch (KubernetesApiException exception) when (!exception.IsNotFound)
        {
            return exception;
        }
        catch (KubernetesApiException)
        {
            // Not even an API server's list of groups is there.
        }

        return ApiErrors.UnconfirmedNotFound(kind, notFound);
    }

    private async Task<bool> IsMissingAsync(ResourceKind kind, CancellationToken cancellationToken) =>
        !(await GroupVersionsAsync(kind, cancellationToken)).Contains(kind.Version) || !await HasKindAsync(kind, cancellationToken);

    private async Task<IReadOnlyList<string>> GroupVersionsAsync(ResourceKind kind, CancellationToken cancellationToken) => await SendAsync(
        new ApiRequest(HttpMethod.Get, kind, "apis"),
        (groups, _) => groups.Text("kind") == "APIGroupList"
            ? groups.Items("groups")
                .Where(group => group.Text("name") == kind.Group)
                .SelectMany(group => group.Items("versions"))
                .Select(version => version.Text("version"))
                .OfType<string>()
                .ToList()
            : throw new JsonException("not a list of groups"),
        cancellationToken);

    // What is no list of resources does not say that the kind is missing.
    private async Task<bool> HasKindAsync(ResourceKind kind, CancellationToken cancellationToken) => await SendAsync(
        new ApiRequest(HttpMethod.Get, kind, $"apis/{kind.ApiVersion}"),
        (resources, _) => resources.Text("kind") != "APIResourceList"
            || resources.Items("resources").Any(resource => resource.Text("name") == kind.Plural),
        cancellationToken);

    private async Task<HttpResponseMessage> OpenAsync(
        ClusterConnection connection, ApiRequest request, CancellationToken stop, CancellationToken cancellationToken)
    {
        try
        {
            using var message = request.ToMessage(connection.BaseUri);
            var response = await SendAsync(connection, message, stop);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                throw await ApiErrors.FromResponseAsync(request.Kind, response, stop);
            }
        }
        catch (Exception exception) when (IsFailure(exception, cancellationToken))
        {
            throw ApiErrors.FromException(exception);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(ClusterConnection connection, HttpRequestMessage message, CancellationToken stop)
    {
        var started = _time.GetTimestamp();
        try
        {
            var response = await connection.SendAsync(message, stop);
            _metrics.Answered(message.Method, connection.BaseUri, response.StatusCode, _time.GetElapsedTime(started));
            return response;
        }
        catch (Exception)
        {
            _metrics.Failed(message.Method, connection.BaseUri, _time.GetElapsedTime(started));
            throw;
        }
    }

    private static bool IsFailure(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        HttpRequestException or IOException or JsonException or KubeconfigException or ObjectDisposedException => true,
        _ => false,
    };

    private ResiliencePipeline Pipeline(Predicate<KubernetesApiException> shouldRepeat) =>
        new ResiliencePipelineBuilder { TimeProvider = _time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = Math.Max(1, _options.MaxRetries),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = _options.RetryDelay,
                ShouldHandle = arguments => ValueTask.FromResult(
                    _options.MaxRetries > 0
                    && arguments.Outcome.Exception is KubernetesApiException exception
                    && shouldRepeat(exception)
                    && (exception.RetryAfter is null || exception.RetryAfter <= _options.LongestRetryAfter)),
                DelayGenerator = arguments => ValueTask.FromResult((arguments.Outcome.Exception as KubernetesApiException)?.RetryAfter),
            })
            .Build();
}
