using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Telemetry;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>
/// <see cref="IKubernetesApi"/> over a <see cref="ClusterConnection"/>: raw objects in and out, one type of error, and
/// retries where a request may be repeated.
/// </summary>
public sealed class KubernetesApi : IKubernetesApi
{
    private static readonly ResourceKind NoKind = new("", "", "", "");

    private readonly ApiTransport _transport;
    private readonly ApiDiscovery _discovery;
    private readonly ObjectReader _reader;
    private readonly StreamedListSupport _streamedLists = new();
    private readonly KubernetesApiOptions _options;
    private readonly TimeProvider _time;

    /// <summary>A client of the cluster that <paramref name="connections"/> leads to.</summary>
    public KubernetesApi(
        string clusterName, IConnectionSource connections, KubernetesApiOptions options, TimeProvider time, RequestMetrics metrics)
    {
        ClusterName = clusterName;
        Limits = metrics.Limits;
        _transport = new ApiTransport(clusterName, connections, options, time, metrics);
        _discovery = new ApiDiscovery(_transport);
        _reader = new ObjectReader(options);
        _options = options;
        _time = time;
    }

    /// <inheritdoc/>
    public string ClusterName { get; }

    /// <inheritdoc/>
    public LimitMetrics Limits { get; }

    /// <inheritdoc/>
    public async Task<KubeObject> GetAsync(ResourceKind kind, ObjectKey key, CancellationToken cancellationToken) =>
        await _transport.SendAsync(new ApiRequest(HttpMethod.Get, kind, ApiPath.Of(kind, key)), ReadObject(kind, key), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ResourceKind>> DiscoverAsync(string group, CancellationToken cancellationToken) =>
        _discovery.DiscoverAsync(group, cancellationToken);

    /// <inheritdoc/>
    public async Task<ListPage> ListAsync(ResourceKind kind, ListRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var sent = new ApiRequest(HttpMethod.Get, kind, ApiPath.Of(kind, request))
            {
                Accept = ApiRequest.Accepted(request.IsMetadataOnly, isList: true),
            };
            var page = await _transport.SendAsync(sent, ReadPage(kind), cancellationToken);
            Charge(request.Budget, sent, page.Bytes);
            return page;
        }
        catch (KubernetesApiException notFound) when (notFound.IsNotFound)
        {
            throw await _discovery.ConfirmAsync(kind, notFound, cancellationToken);
        }
    }

    /// <summary>Reads the version of the API server.</summary>
    /// <exception cref="KubernetesApiException">The request failed.</exception>
    public async Task<ServerVersion> GetVersionAsync(CancellationToken cancellationToken) => await _transport.SendAsync(
        new ApiRequest(HttpMethod.Get, NoKind, "version"),
        (version, server) => new ServerVersion(
            server, version.Text("gitVersion") ?? throw new JsonException("not the version of an API server")),
        cancellationToken);

    /// <summary>Reads in which versions a kind is served; none if it is not.</summary>
    /// <exception cref="KubernetesApiException">The request failed.</exception>
    public Task<IReadOnlyList<string>> GetServedVersionsAsync(ResourceKind kind, CancellationToken cancellationToken) =>
        _discovery.GetServedVersionsAsync(kind, cancellationToken);

    /// <inheritdoc/>
    public async Task<KubeObject> ApplyAsync(
        ResourceKind kind, KubeObject manifest, bool isForced, CancellationToken cancellationToken) =>
        await _transport.SendAsync(
            new ApiRequest(
                HttpMethod.Patch,
                kind,
                ApiPath.Of(kind, manifest.Key)
                    + ApiPath.Query(("fieldManager", _options.FieldManager), ("force", isForced ? "true" : null)),
                "application/apply-patch+yaml",
                manifest.Json.ToUtf8Bytes()),
            ReadObject(kind, manifest.Key),
            cancellationToken);

    /// <inheritdoc/>
    public async Task ApplyStatusAsync(ResourceKind kind, KubeObject manifest, CancellationToken cancellationToken) =>
        await _transport.SendAsync(
            new ApiRequest(
                HttpMethod.Patch,
                kind,
                ApiPath.Of(kind, manifest.Key, "status") + ApiPath.Query(("fieldManager", _options.FieldManager), ("force", "true")),
                "application/apply-patch+yaml",
                manifest.Json.ToUtf8Bytes()),
            ReadAnswer(_ => true),
            cancellationToken);

    /// <inheritdoc/>
    public async Task<KubeObject> MergePatchAsync(
        ResourceKind kind, ObjectKey key, JsonElement patch, string? subresource, CancellationToken cancellationToken) =>
        await _transport.SendAsync(
            new ApiRequest(
                HttpMethod.Patch,
                kind,
                ApiPath.Of(kind, key, subresource) + ApiPath.Query(("fieldManager", _options.FieldManager)),
                "application/merge-patch+json",
                patch.ToUtf8Bytes()),
            ReadObject(kind, key),
            cancellationToken);

    /// <inheritdoc/>
    public async Task<KubeObject> CreateAsync(ResourceKind kind, KubeObject manifest, CancellationToken cancellationToken) =>
        await _transport.SendAsync(
            new ApiRequest(
                HttpMethod.Post,
                kind,
                ApiPath.Of(kind, manifest.Namespace) + ApiPath.Query(("fieldManager", _options.FieldManager)),
                "application/json",
                manifest.Json.ToUtf8Bytes()),
            ReadObject(kind, key: null),
            cancellationToken);

    /// <inheritdoc/>
    public async Task<KubeObject?> DeleteAsync(ResourceKind kind, ObjectKey key, DeleteRequest request, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["propagationPolicy"] = "Background" };
        JsonObject preconditions = [];
        if (request.Uid is not null)
        {
            preconditions["uid"] = request.Uid;
        }

        if (request.ResourceVersion is not null)
        {
            preconditions["resourceVersion"] = request.ResourceVersion;
        }

        if (preconditions.Count > 0)
        {
            body["preconditions"] = preconditions;
        }

        return await _transport.SendAsync(
            new ApiRequest(HttpMethod.Delete, kind, ApiPath.Of(kind, key), "application/json", body.ToUtf8Bytes()),
            ReadAnswer(answer => ObjectIdentity.IsStatus(answer) ? null : Read(kind, key, answer)),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<WatchEvent> WatchAsync(
        ResourceKind kind, WatchRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var connection = await _transport.ConnectAsync(cancellationToken);
        var sent = new ApiRequest(HttpMethod.Get, kind, ApiPath.Of(kind, request))
        {
            Accept = ApiRequest.Accepted(request.IsMetadataOnly, isList: false),
        };
        var awaitsInitialEvents = request.SendsInitialEvents;
        var started = _time.GetTimestamp();
        using var silence = new CancellationTokenSource(awaitsInitialEvents ? InitialSilence(started) : _options.WatchSilence, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, connection.Superseded, silence.Token);
        using var response = await OpenWatchAsync(connection, sent, request, stop.Token, cancellationToken);
        using var lines = new LineReader(
            await response.Content.ReadAsStreamAsync(cancellationToken), kind, _options.Limits.ObjectBytes, _transport.Share);
        request.Opened?.Invoke();
        while (await ReadLineAsync(sent, lines, stop.Token, cancellationToken) is { } line)
        {
            Charge(request.Budget, sent, line.Length);
            var change = ReadEvent(sent, line.Span);
            if (awaitsInitialEvents && change.Type == WatchEventType.Bookmark)
            {
                // Another bookmark comes from a server that has ignored the parameter.
                awaitsInitialEvents = change.EndsInitialEvents ? false : throw _streamedLists.Rejected(connection.BaseUri);
                change = change with { Server = connection.BaseUri };
            }

            silence.CancelAfter(awaitsInitialEvents ? InitialSilence(started) : _options.WatchSilence);
            yield return change;
        }

        if (awaitsInitialEvents && silence.IsCancellationRequested)
        {
            throw _streamedLists.Rejected(connection.BaseUri);
        }
    }

    private Func<Stream, Uri, CancellationToken, Task<KubeObject>> ReadObject(ResourceKind kind, ObjectKey? key) =>
        ReadAnswer(answer => Read(kind, key, answer));

    private Func<Stream, Uri, CancellationToken, Task<T>> ReadAnswer<T>(Func<ReadOnlySpan<byte>, T> read) => async (stream, _, token) =>
    {
        using var content = new AnswerContent(nameof(ReadLimits.ObjectBytes), _options.Limits.ObjectBytes, _transport.Share);
        return read((await content.ReadAsync(stream, token)).Span);
    };

    // Whoever keeps the answer to a write takes it for the object that was written.
    private KubeObject Read(ResourceKind kind, ObjectKey? key, ReadOnlySpan<byte> answer)
    {
        var read = _reader.Read(kind, answer);
        return key is null || (read.Name == key.Value.Name && read.Namespace == (kind.IsNamespaced ? key.Value.Namespace : ""))
            ? read
            : throw new UnreadableObjectException("it is not the object of the request");
    }

    private Func<Stream, Uri, CancellationToken, Task<ListPage>> ReadPage(ResourceKind kind) => async (content, server, token) =>
    {
        using var reader = new ListReader(_reader, kind, _options.Limits, _transport.Share);
        return await reader.ReadAsync(content, server, token);
    };

    private WatchEvent ReadEvent(ApiRequest request, ReadOnlySpan<byte> line)
    {
        try
        {
            return new WatchLine(request.Kind, line, _options.Limits.ErrorBytes).Read(_reader, _transport.Errors);
        }
        catch (JsonException exception)
        {
            throw _transport.Errors.FromException(exception, $"watch {request.Kind.QualifiedPlural}");
        }
        catch (TooLongException exception)
        {
            throw _transport.ErrorOf(request, exception);
        }
    }

    // A server that sends the initial events drop by drop is listed page by page, too.
    private TimeSpan InitialSilence(long started)
    {
        var rest = _options.InitialEventsTimeout - _time.GetElapsedTime(started);
        return rest < TimeSpan.Zero ? TimeSpan.Zero : rest < _options.InitialEventsSilence ? rest : _options.InitialEventsSilence;
    }

    private void Charge(TrafficBudget? budget, ApiRequest request, long bytes)
    {
        if (budget?.Charge(bytes, _options.Limits.BytesPerMinute, _time) is var (wait, received))
        {
            throw _transport.OverLimit(
                request,
                new LimitExcess(
                    nameof(ReadLimits.BytesPerMinute), "the server sent within a minute", received, _options.Limits.BytesPerMinute ?? 0),
                wait);
        }
    }

    // A stream that was cut on purpose (silence, a newer connection) ends; one that broke throws.
    private async Task<ReadOnlyMemory<byte>?> ReadLineAsync(
        ApiRequest request, LineReader lines, CancellationToken stop, CancellationToken cancellationToken)
    {
        try
        {
            return await lines.ReadAsync(stop);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
        catch (Exception exception) when (ApiTransport.IsFailure(exception, cancellationToken))
        {
            throw _transport.ErrorOf(request, exception);
        }
    }

    private async Task<HttpResponseMessage> OpenWatchAsync(
        ClusterConnection connection, ApiRequest sent, WatchRequest request, CancellationToken stop, CancellationToken cancellationToken)
    {
        if (request.Server is { } server && server != connection.BaseUri)
        {
            throw ApiErrors.AnotherServer(server, connection.BaseUri);
        }

        try
        {
            return request.SendsInitialEvents
                ? await _streamedLists.OpenAsync(
                    connection.BaseUri, () => _transport.OpenAsync(connection, sent, stop, cancellationToken), stop)
                : await _transport.OpenAsync(connection, sent, stop, cancellationToken);
        }
        catch (OperationCanceledException) when (request.SendsInitialEvents && !cancellationToken.IsCancellationRequested)
        {
            throw new KubernetesApiException(0, ApiErrors.TimedOut, "no answer in time");
        }
        catch (KubernetesApiException notFound) when (notFound.IsNotFound)
        {
            throw await _discovery.ConfirmAsync(sent.Kind, notFound, cancellationToken);
        }
    }
}
