using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ServiceProviderOcm.Core.Kubernetes.Yaml;
using ServiceProviderOcm.Sandbox.ApiServer.Access;
using ServiceProviderOcm.Sandbox.ApiServer.Errors;
using ServiceProviderOcm.Sandbox.ApiServer.Json;
using ServiceProviderOcm.Sandbox.ApiServer.Printing;
using ServiceProviderOcm.Sandbox.ApiServer.Serving;
using ServiceProviderOcm.Sandbox.ApiServer.Writes;
using YamlDotNet.Core;

namespace ServiceProviderOcm.Sandbox.ApiServer.Http;

/// <summary>A request and its answer.</summary>
internal sealed class ApiExchange(HttpContext context, RequestAttributes request, SandboxUser user)
{
    private readonly Printer _printer = Printer.For(context.Request.Headers.Accept.ToString(), context.Request.Query["includeObject"]);

    public RequestAttributes Request => request;

    /// <summary>The caller.</summary>
    public SandboxUser User => user;

    /// <summary>Cancelled when the client disconnects.</summary>
    public CancellationToken Aborted => context.RequestAborted;

    /// <summary>The body of the answer.</summary>
    public Stream Body => context.Response.Body;

    /// <summary>The media type of the request, without parameters.</summary>
    public string MediaType => (context.Request.ContentType ?? MediaTypes.Json).Split(';')[0].Trim();

    /// <summary>Whether it is server-side apply.</summary>
    public bool IsApply => request.Verb == "patch" && MediaType == MediaTypes.ApplyPatch;

    /// <summary>A query parameter; null if it is missing or empty.</summary>
    public string? Query(string name) => context.Request.Query[name].ToString() is { Length: > 0 } value ? value : null;

    /// <summary>Whether a query parameter is true.</summary>
    public bool IsSet(string name) => Query(name) is "true" or "1" or "True";

    /// <summary>A numeric query parameter; null if it is missing.</summary>
    /// <exception cref="StatusException">It is none.</exception>
    public long? Number(string name) => Query(name) is not { } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw StatusErrors.Invalid(
            request.Group,
            request.Resource,
            "",
            [FieldError.Invalid(name, text, $"strconv.ParseUint: parsing \"{text}\": invalid syntax")]);

    /// <summary>The parameters of a write.</summary>
    public WriteOptions WriteOptions(DateTimeOffset now) => new(
        request.Namespace,
        request.Name,
        request.Subresource,
        Query("fieldManager") ?? UserAgent.Split('/')[0],
        Query("fieldValidation") == "Strict",
        IsSet("force"),
        now);

    /// <summary>The <c>User-Agent</c> header.</summary>
    public string UserAgent => context.Request.Headers.UserAgent.ToString();

    /// <summary>Reads the body, as JSON or YAML.</summary>
    /// <returns>Null if it is empty.</returns>
    /// <exception cref="StatusException">It is neither.</exception>
    public async Task<JsonNode?> ReadAsync()
    {
        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync(Aborted);
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        try
        {
            return MediaType is MediaTypes.ApplyPatch or MediaTypes.Yaml && text.TrimStart()[0] != '{'
                ? YamlManifests.Parse(text).SingleOrDefault()
                : Nodes.Parse(text);
        }
        catch (Exception unreadable) when (unreadable is JsonException or YamlException or ArgumentException)
        {
            throw StatusErrors.BadRequest($"the body of the request cannot be read: {unreadable.Message}");
        }
    }

    /// <summary>Reads the body, which must be an object.</summary>
    /// <exception cref="StatusException">It is none.</exception>
    public async Task<JsonObject> ReadObjectAsync() => MediaType is MediaTypes.Json or MediaTypes.Yaml
        ? await ReadAsync() as JsonObject ?? throw StatusErrors.BadRequest("Object 'Kind' is missing in the body of the request")
        : throw StatusErrors.UnsupportedMediaType($"{MediaTypes.Json}, {MediaTypes.Yaml}");

    public async Task AnswerAsync(int code, JsonNode body)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = MediaTypes.Json;
        await JsonSerializer.SerializeAsync(Body, body, JsonText.Options, Aborted);
    }

    /// <summary>Answers with an object.</summary>
    public Task AnswerAsync(int code, ServedKind kind, JsonElement stored, DateTimeOffset now) =>
        AnswerAsync(code, Print(kind, kind.View(stored), now));

    public Task AnswerListAsync(ServedKind kind, IEnumerable<JsonElement> stored, JsonObject metadata, DateTimeOffset now) =>
        AnswerAsync(200, _printer.Print(kind, stored.Select(item => kind.View(item)), metadata, now));

    /// <summary>An object in the representation that the client accepts.</summary>
    public JsonObject Print(ServedKind kind, JsonObject subject, DateTimeOffset now) => _printer.Print(kind, subject, now);

    public Task AnswerErrorAsync(StatusException error)
    {
        if (error.RetryAfter is { } pause)
        {
            context.Response.Headers.RetryAfter = ((int)Math.Ceiling(pause.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        return AnswerAsync(error.Code, error.ToJson());
    }

    public async Task BeginStreamAsync()
    {
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = MediaTypes.Json;
        await context.Response.StartAsync(Aborted);
        await Body.FlushAsync(Aborted);
    }

    /// <summary>Discards the rest of the answer.</summary>
    public void DropAnswer() => context.Response.Body = Stream.Null;

    /// <summary>Aborts the connection.</summary>
    public void Abort() => context.Abort();
}
