using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ServiceProviderOcm.Tests.Support.Metrics;

/// <summary>Takes what is sent by OTLP over HTTP.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Path, string Token, string Body)> _received = [];
    private readonly WebApplication _server;

    private OtlpReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.Run(TakeAsync);
    }

    public string Url => _server.Urls.First();

    /// <summary>The paths that something has been sent to.</summary>
    public IReadOnlySet<string> Paths => _received.Select(request => request.Path).ToHashSet(StringComparer.Ordinal);

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        await receiver._server.StartAsync();
        return receiver;
    }

    /// <summary>Whether a text, such as the name of a metric, has been sent to a path. Texts are plain bytes in protobuf.</summary>
    public bool Got(string path, string text) =>
        _received.Any(request => request.Path == path && request.Body.Contains(text, StringComparison.Ordinal));

    /// <summary>The values of the header <c>x-token</c> that have come with what has been sent to a path.</summary>
    public IReadOnlySet<string> Tokens(string path) =>
        _received.Where(request => request.Path == path).Select(request => request.Token).ToHashSet(StringComparer.Ordinal);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await using var plain = context.Request.Headers.ContentEncoding == "gzip"
            ? new GZipStream(context.Request.Body, CompressionMode.Decompress)
            : context.Request.Body;
        await plain.CopyToAsync(body);
        _received.Enqueue((context.Request.Path, context.Request.Headers["x-token"].ToString(), Encoding.Latin1.GetString(body.ToArray())));
    }
}
