using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Servers;

/// <summary>
/// A minimal client that arranges and reads the objects on a test cluster, so that no test depends on the code it tests.
/// </summary>
public sealed class TestKubernetesApi : IKubernetesApi, IDisposable
{
    private readonly HttpClient _http;
    private readonly string _fieldManager;

    /// <summary>Opens a client to a cluster.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="fieldManager">Field manager and user agent.</param>
    /// <param name="user">Who asks; the administrator by default.</param>
    public TestKubernetesApi(TestCluster cluster, string fieldManager = "test", ServerUser? user = null)
    {
        ClusterName = cluster.Name;
        _fieldManager = fieldManager;
        _http = cluster.CreateHttpClient(user ?? cluster.Admin, fieldManager);
    }

    /// <summary>A client over an HTTP client, which it disposes.</summary>
    /// <param name="clusterName">The cluster.</param>
    /// <param name="fieldManager">Field manager.</param>
    /// <param name="http">Has the server's root as its base address.</param>
    internal TestKubernetesApi(string clusterName, string fieldManager, HttpClient http) =>
        (ClusterName, _fieldManager, _http) = (clusterName, fieldManager, http);

    public string ClusterName { get; }

    public Task<KubeObject> GetAsync(ResourceKind kind, ObjectKey key, CancellationToken cancellationToken) =>
        SendForObjectAsync(HttpMethod.Get, PathOf(kind, key), null, cancellationToken);

    /// <summary>Reads one object, or null if it is not there.</summary>
    public async Task<KubeObject?> FindAsync(ResourceKind kind, ObjectKey key, CancellationToken cancellationToken = default)
    {
        try
        {
            return await GetAsync(kind, key, cancellationToken);
        }
        catch (KubernetesApiException missing) when (missing.IsNotFound)
        {
            return null;
        }
    }

    public Task<IReadOnlyList<ResourceKind>> DiscoverAsync(string group, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public async Task<ListPage> ListAsync(ResourceKind kind, ListRequest request, CancellationToken cancellationToken)
    {
        var query = Query(
            ("labelSelector", request.LabelSelector),
            ("fieldSelector", request.FieldSelector),
            ("limit", request.Limit.ToString(CultureInfo.InvariantCulture)),
            ("continue", request.Continue));
        var json = await SendForJsonAsync(HttpMethod.Get, PathOf(kind, request.Namespace) + query, null, cancellationToken);
        return new ListPage(
            [.. json.Items("items").Select(item => new KubeObject(item))],
            json.Text("metadata", "resourceVersion") ?? "",
            json.Text("metadata", "continue") is { Length: > 0 } next ? next : null);
    }

    /// <summary>Reads a whole list, page by page.</summary>
    public async Task<IReadOnlyList<KubeObject>> ListAllAsync(
        ResourceKind kind, string? inNamespace = null, CancellationToken cancellationToken = default)
    {
        var all = new List<KubeObject>();
        var request = new ListRequest(inNamespace);
        do
        {
            var page = await ListAsync(kind, request, cancellationToken);
            all.AddRange(page.Items);
            request = request with { Continue = page.Continue };
        }
        while (!string.IsNullOrEmpty(request.Continue));

        return all;
    }

    public async IAsyncEnumerable<WatchEvent> WatchAsync(
        ResourceKind kind, WatchRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var query = Query(
            ("watch", "true"),
            ("allowWatchBookmarks", "true"),
            ("sendInitialEvents", request.SendsInitialEvents ? "true" : null),
            ("resourceVersionMatch", request.SendsInitialEvents ? "NotOlderThan" : null),
            ("resourceVersion", request.SendsInitialEvents ? null : request.ResourceVersion),
            ("labelSelector", request.LabelSelector),
            ("fieldSelector", request.FieldSelector),
            ("timeoutSeconds", ((int)request.Timeout.TotalSeconds).ToString(CultureInfo.InvariantCulture)));
        using var response = await SendAsync(HttpMethod.Get, PathOf(kind, request.Namespace) + query, null, cancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await ReadLineAsync(reader, cancellationToken) is { } line)
        {
            var subject = KubeObject.Parse(line).Json;
            var type = subject.Text("type");
            if (type == "ERROR")
            {
                throw Rejected((int)(subject.Number("object", "code") ?? 0), subject.GetProperty("object"));
            }

            yield return new WatchEvent(Enum.Parse<WatchEventType>(type!, ignoreCase: true), new KubeObject(subject.GetProperty("object")));
        }
    }

    public Task<KubeObject> ApplyAsync(ResourceKind kind, KubeObject manifest, bool isForced, CancellationToken cancellationToken) =>
        SendForObjectAsync(
            HttpMethod.Patch,
            PathOf(kind, manifest.Key) + Query(("fieldManager", _fieldManager), ("force", isForced ? "true" : "false")),
            Body(manifest.Json, "application/apply-patch+yaml"),
            cancellationToken);

    public Task ApplyStatusAsync(ResourceKind kind, KubeObject manifest, CancellationToken cancellationToken) =>
        SendForObjectAsync(
            HttpMethod.Patch,
            PathOf(kind, manifest.Key, "status") + Query(("fieldManager", _fieldManager), ("force", "true")),
            Body(manifest.Json, "application/apply-patch+yaml"),
            cancellationToken);

    public Task<KubeObject> MergePatchAsync(
        ResourceKind kind, ObjectKey key, JsonElement patch, string? subresource, CancellationToken cancellationToken) =>
        SendForObjectAsync(
            HttpMethod.Patch,
            PathOf(kind, key, subresource) + Query(("fieldManager", _fieldManager)),
            Body(patch, "application/merge-patch+json"),
            cancellationToken);

    public Task<KubeObject> CreateAsync(ResourceKind kind, KubeObject manifest, CancellationToken cancellationToken) =>
        SendForObjectAsync(
            HttpMethod.Post,
            PathOf(kind, manifest.Namespace) + Query(("fieldManager", _fieldManager)),
            Body(manifest.Json, "application/json"),
            cancellationToken);

    /// <summary>Replaces an object at the version it was read at.</summary>
    public Task<KubeObject> ReplaceAsync(
        ResourceKind kind, KubeObject subject, string? subresource = null, CancellationToken cancellationToken = default) =>
        SendForObjectAsync(
            HttpMethod.Put,
            PathOf(kind, subject.Key, subresource) + Query(("fieldManager", _fieldManager)),
            Body(subject.Json, "application/json"),
            cancellationToken);

    public async Task<KubeObject?> DeleteAsync(ResourceKind kind, ObjectKey key, DeleteRequest request, CancellationToken cancellationToken)
    {
        var options = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "DeleteOptions",
            ["propagationPolicy"] = "Background",
        };
        if (request != new DeleteRequest())
        {
            options["preconditions"] = new JsonObject { ["uid"] = request.Uid, ["resourceVersion"] = request.ResourceVersion };
        }

        var answer = await SendForJsonAsync(
            HttpMethod.Delete, PathOf(kind, key), Body(KubeObject.From(options).Json, "application/json"), cancellationToken);
        return answer.Text("kind") == "Status" ? null : new KubeObject(answer);
    }

    public void Dispose() => _http.Dispose();

    private static string PathOf(ResourceKind kind, string? inNamespace)
    {
        var root = kind.Group.Length == 0 ? $"api/{kind.Version}" : $"apis/{kind.ApiVersion}";
        return kind.IsNamespaced && !string.IsNullOrEmpty(inNamespace)
            ? $"{root}/namespaces/{inNamespace}/{kind.Plural}"
            : $"{root}/{kind.Plural}";
    }

    private static string PathOf(ResourceKind kind, ObjectKey key, string? subresource = null) =>
        $"{PathOf(kind, key.Namespace)}/{key.Name}" + (subresource is null ? "" : $"/{subresource}");

    private static string Query(params IEnumerable<(string Name, string? Value)> parameters) =>
        "?" + string.Join('&', parameters
            .Where(parameter => !string.IsNullOrEmpty(parameter.Value))
            .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}"));

    private static StringContent Body(JsonElement json, string mediaType) =>
        new(json.GetRawText(), Encoding.UTF8, new MediaTypeHeaderValue(mediaType));

    private static KubernetesApiException Rejected(int code, JsonElement status) =>
        new(code, status.Text("reason") ?? "", status.Text("message") ?? $"HTTP {code}");

    private static KubernetesApiException NotReached(Exception cause) => new(0, "NotReached", cause.Message, inner: cause);

    private static async Task<string?> ReadLineAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadLineAsync(cancellationToken);
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            throw NotReached(broken);
        }
    }

    private async Task<KubeObject> SendForObjectAsync(
        HttpMethod method, string path, HttpContent? body, CancellationToken cancellationToken) =>
        new(await SendForJsonAsync(method, path, body, cancellationToken));

    private async Task<JsonElement> SendForJsonAsync(
        HttpMethod method, string path, HttpContent? body, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(method, path, body, cancellationToken);
        return await ReadJsonAsync(response, cancellationToken);
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException unreachable)
        {
            throw NotReached(unreachable);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw Rejected((int)response.StatusCode, await ReadStatusAsync(response, cancellationToken));
        }
    }

    private static async Task<JsonElement> ReadStatusAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        response.Content.Headers.ContentType?.MediaType == "application/json"
            ? await ReadJsonAsync(response, cancellationToken)
            : default;

    private static async Task<JsonElement> ReadJsonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return JsonReading.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            throw NotReached(broken);
        }
    }
}
