using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;

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
    private readonly KubeObjectReader _reader;
    private readonly KubernetesApiOptions _options;
    private readonly TimeProvider _time;

    /// <summary>A client of the cluster that <paramref name="connections"/> leads to.</summary>
    public KubernetesApi(
        string clusterName, IConnectionSource connections, KubernetesApiOptions options, TimeProvider time, RequestMetrics metrics)
    {
        ClusterName = clusterName;
        _transport = new ApiTransport(clusterName, connections, options, time, metrics);
        _discovery = new ApiDiscovery(_transport);
        _reader = new KubeObjectReader(options.FieldManager, options.SharedParts);
        _options = options;
        _time = time;
    }

    /// <inheritdoc/>
    public string ClusterName { get; }

    /// <inheritdoc/>
    public async Task<KubeObject> GetAsync(ResourceKind kind, ObjectKey key, CancellationToken cancellationToken) =>
        await _transport.SendAsync(new ApiRequest(HttpMethod.Get, kind, ApiPath.Of(kind, key)), ReadObject, cancellationToken);

    /// <inheritdoc/>
    public async Task<ListPage> ListAsync(ResourceKind kind, ListRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await _transport.SendAsync(new ApiRequest(HttpMethod.Get, kind, ApiPath.Of(kind, request)), ReadPage, cancellationToken);
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
            ReadObject,
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
            ReadObject,
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

        return await _transport.SendAsync(
            new ApiRequest(HttpMethod.Delete, kind, ApiPath.Of(kind, key), "application/json", body.ToUtf8Bytes()),
            (answer, _) => answer.Text("kind") == "Status" ? null : _reader.Read(answer),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<WatchEvent> WatchAsync(
        ResourceKind kind, WatchRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var connection = await _transport.ConnectAsync(cancellationToken);
        using var silence = new CancellationTokenSource(_options.WatchSilence, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, connection.Superseded, silence.Token);
        using var response = await OpenWatchAsync(connection, kind, request, stop.Token, cancellationToken);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        request.Opened?.Invoke();
        while (await ReadLineAsync(kind, lines, stop.Token, cancellationToken) is { } line)
        {
            silence.CancelAfter(_options.WatchSilence);
            yield return ReadEvent(kind, line);
        }
    }

    private KubeObject ReadObject(JsonElement answer, Uri server) => _reader.Read(answer);

    // An answer without a version is not a list. To read it as an empty one would be to lose all objects.
    private ListPage ReadPage(JsonElement list, Uri server) => new(
        [.. list.Items("items").Select(_reader.Read)],
        list.Text("metadata", "resourceVersion") is { Length: > 0 } version ? version : throw new JsonException("not a list"),
        list.Text("metadata", "continue") is { Length: > 0 } next ? next : null,
        server);

    private WatchEvent ReadEvent(ResourceKind kind, string line)
    {
        try
        {
            using var document = JsonReading.Open(line);
            var subject = document.RootElement.At("object") is { ValueKind: JsonValueKind.Object } found
                ? found
                : throw new JsonException("not a watch event");
            return document.RootElement.Text("type") switch
            {
                "ADDED" => new WatchEvent(WatchEventType.Added, _reader.Read(subject)),
                "MODIFIED" => new WatchEvent(WatchEventType.Modified, _reader.Read(subject)),
                "DELETED" => new WatchEvent(WatchEventType.Deleted, _reader.Read(subject)),
                "BOOKMARK" => new WatchEvent(WatchEventType.Bookmark, _reader.Read(subject)),
                _ => throw _transport.Errors.FromStatus(kind, WatchOf(kind), subject),
            };
        }
        catch (JsonException exception)
        {
            throw _transport.Errors.FromException(exception, WatchOf(kind));
        }
    }

    // A stream that was cut on purpose (silence, a newer connection) ends; one that broke throws.
    private async Task<string?> ReadLineAsync(
        ResourceKind kind, StreamReader lines, CancellationToken stop, CancellationToken cancellationToken)
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
        catch (Exception exception) when (ApiTransport.IsFailure(exception, cancellationToken))
        {
            throw _transport.Errors.FromException(exception, WatchOf(kind));
        }
    }

    private static string WatchOf(ResourceKind kind) => $"watch {kind.QualifiedPlural}";

    private async Task<HttpResponseMessage> OpenWatchAsync(
        ClusterConnection connection, ResourceKind kind, WatchRequest request, CancellationToken stop, CancellationToken cancellationToken)
    {
        if (request.Server is { } server && server != connection.BaseUri)
        {
            throw ApiErrors.AnotherServer(server, connection.BaseUri);
        }

        try
        {
            return await _transport.OpenAsync(
                connection, new ApiRequest(HttpMethod.Get, kind, ApiPath.Of(kind, request)), stop, cancellationToken);
        }
        catch (KubernetesApiException notFound) when (notFound.IsNotFound)
        {
            throw await _discovery.ConfirmAsync(kind, notFound, cancellationToken);
        }
    }
}
