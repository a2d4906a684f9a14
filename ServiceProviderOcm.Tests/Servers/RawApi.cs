using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Servers;

/// <summary>Sends requests that no well-behaved client sends, and returns the raw answers.</summary>
internal sealed class RawApi(TestCluster cluster) : IDisposable
{
    public const string Json = "application/json";
    public const string Merge = "application/merge-patch+json";
    public const string Apply = "application/apply-patch+yaml";

    private readonly HttpClient _http = cluster.CreateHttpClient(cluster.Admin, "raw");

    public Task<RawAnswer> GetAsync(string path, string accept = Json) => SendAsync(HttpMethod.Get, path, null, Json, accept);

    public Task<RawAnswer> PostAsync(string path, string body) => SendAsync(HttpMethod.Post, path, body);

    public Task<RawAnswer> PutAsync(string path, string body) => SendAsync(HttpMethod.Put, path, body);

    public Task<RawAnswer> PatchAsync(string path, string body, string mediaType) => SendAsync(HttpMethod.Patch, path, body, mediaType);

    public Task<RawAnswer> DeleteAsync(string path, string? options = null) => SendAsync(HttpMethod.Delete, path, options);

    /// <summary>The events of a watch until the server ends it.</summary>
    public async IAsyncEnumerable<(string Type, JsonElement Subject)> WatchAsync(string path, string accept = Json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd(accept);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is { } line)
        {
            var json = JsonSerializer.Deserialize<JsonElement>(line);
            yield return (json.Text("type") ?? "", json.GetProperty("object"));
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<RawAnswer> SendAsync(
        HttpMethod method, string path, string? body, string mediaType = Json, string accept = Json)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Accept.ParseAdd(accept);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(mediaType));
        }

        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new RawAnswer(
            (int)response.StatusCode,
            text.StartsWith('{') ? JsonReading.Parse(text) : JsonSerializer.SerializeToElement(text));
    }
}
