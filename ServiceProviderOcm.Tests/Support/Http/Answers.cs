using System.Globalization;
using System.Net;
using System.Text;

namespace ServiceProviderOcm.Tests.Support.Http;

/// <summary>What a <see cref="ScriptedServer"/> may answer.</summary>
public static class Answers
{
    public const string SomeObject = """{"kind":"ConfigMap","metadata":{"name":"a","namespace":"n","resourceVersion":"1"}}""";

    public static ScriptedServer.Answer Ok(string json = SomeObject) => Content(200, json, "application/json");

    public static ScriptedServer.Answer Ok(byte[] json) => (_, _) =>
    {
        var content = new ByteArrayContent(json) { Headers = { ContentType = new("application/json") } };
        return Task.FromResult(Response(200, content, retryAfter: null));
    };

    public static ScriptedServer.Answer Content(int code, string text, string mediaType, string? retryAfter = null) => (_, _) =>
        Task.FromResult(Response(code, new StringContent(text, Encoding.UTF8, mediaType), retryAfter));

    public static ScriptedServer.Answer Error(int code, string? retryAfter = null) => Content(
        code,
        string.Create(CultureInfo.InvariantCulture, $$"""{"kind":"Status","status":"Failure","message":"no","reason":"Why","code":{{code}}}"""),
        "application/json",
        retryAfter);

    public static ScriptedServer.Answer Failure(Exception exception) => (_, _) => throw exception;

    /// <summary>The headers come, and then the content breaks off.</summary>
    public static ScriptedServer.Answer BrokenContent(int code) => (_, _) =>
        Task.FromResult(Response(code, new StreamContent(new BrokenStream()), retryAfter: null));

    /// <summary>No answer at all, until the request is cancelled.</summary>
    public static ScriptedServer.Answer Silence(Action arrived) => async (_, cancellationToken) =>
    {
        arrived();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        throw new OperationCanceledException(cancellationToken);
    };

    private static HttpResponseMessage Response(int code, HttpContent content, string? retryAfter)
    {
        var response = new HttpResponseMessage((HttpStatusCode)code) { Content = content };
        if (retryAfter is not null)
        {
            response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        }

        return response;
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("connection reset");
    }
}
