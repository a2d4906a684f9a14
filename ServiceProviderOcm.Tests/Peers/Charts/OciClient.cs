using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Peers.Charts;

/// <summary>Pushes and pulls charts as OCI artifacts, as <c>helm push</c> and source-controller do.</summary>
public sealed class OciClient : IDisposable
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    private const string ConfigType = "application/vnd.cncf.helm.config.v1+json";
    private const string ChartType = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";

    /// <summary>Opens a client.</summary>
    /// <param name="registry">The registry's root.</param>
    /// <param name="trustedPem">The only certificate authority to trust, PEM.</param>
    /// <param name="credentials">User and password, with a colon between them; null for none.</param>
    public OciClient(Uri registry, string trustedPem, string? credentials)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(X509Certificate2.CreateFromPem(trustedPem));
        var handler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust } };
        Http = new HttpClient(handler) { BaseAddress = registry };
        if (credentials is not null)
        {
            Http.DefaultRequestHeaders.Authorization =
                new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        }
    }

    /// <summary>Sends requests with the client's trust and credentials.</summary>
    public HttpClient Http { get; }

    /// <summary>Pushes a chart under its version as the tag, and returns the manifest's digest.</summary>
    public async Task<string> PushAsync(string repository, ChartPackage chart)
    {
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ManifestType,
            ["config"] = await PushBlobAsync(repository, ConfigType, chart.Config),
            ["layers"] = new JsonArray(await PushBlobAsync(repository, ChartType, chart.Archive)),
        };
        var content = Encoding.UTF8.GetBytes(manifest.ToJsonString());
        using var body = Body(content, ManifestType);
        using var response = await Http.PutAsync(Path($"v2/{repository}/manifests/{chart.Version}"), body);
        await EnsureSuccessAsync(response);
        return Digest(content);
    }

    /// <summary>Pulls a chart.</summary>
    /// <exception cref="HttpRequestException">The registry rejects it; the message has its answer.</exception>
    public async Task<OciArtifact> PullAsync(string repository, string tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Path($"v2/{repository}/manifests/{tag}"));
        request.Headers.Accept.ParseAdd(ManifestType);
        using var response = await Http.SendAsync(request);
        await EnsureSuccessAsync(response);
        var content = await response.Content.ReadAsByteArrayAsync();
        var layer = JsonReading.Parse(Encoding.UTF8.GetString(content)).Items("layers").Single();
        using var blob = await Http.GetAsync(Path($"v2/{repository}/blobs/{layer.Text("digest")}"));
        await EnsureSuccessAsync(blob);
        return new OciArtifact(Digest(content), layer.Text("mediaType") ?? "", await blob.Content.ReadAsByteArrayAsync());
    }

    public void Dispose() => Http.Dispose();

    private static Uri Path(string path) => new(path, UriKind.Relative);

    private static string Digest(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    private static ByteArrayContent Body(byte[] content, string mediaType) =>
        new(content) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };

    private static async Task EnsureSuccessAsync(HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException(
                $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}", null, response.StatusCode);
        }
    }

    private async Task<JsonObject> PushBlobAsync(string repository, string mediaType, byte[] content)
    {
        using var start = await Http.PostAsync(Path($"v2/{repository}/blobs/uploads/"), null);
        await EnsureSuccessAsync(start);
        var location = new Uri(Http.BaseAddress!, start.Headers.Location!);
        var upload = new UriBuilder(location) { Query = $"{location.Query.TrimStart('?')}&digest={Uri.EscapeDataString(Digest(content))}" };
        using var body = Body(content, "application/octet-stream");
        using var response = await Http.PutAsync(upload.Uri, body);
        await EnsureSuccessAsync(response);
        return new JsonObject { ["mediaType"] = mediaType, ["digest"] = Digest(content), ["size"] = content.Length };
    }
}
