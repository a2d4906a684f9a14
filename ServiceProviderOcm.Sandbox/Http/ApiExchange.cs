using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ServiceProviderOcm.Core.Kubernetes.Yaml;
using ServiceProviderOcm.Sandbox.Access;
using ServiceProviderOcm.Sandbox.Errors;
using ServiceProviderOcm.Sandbox.Json;
using ServiceProviderOcm.Sandbox.Serving;
using ServiceProviderOcm.Sandbox.Writes;
using YamlDotNet.Core;

namespace ServiceProviderOcm.Sandbox.Http;

/// <summary>One request and its answer.</summary>
internal sealed class ApiExchange(HttpContext context, RequestAttributes request, SandboxUser user)
{
    private const string TableAccept = "as=Table";

    /// <summary>What it is about.</summary>
    public RequestAttributes Request => request;

    /// <summary>Who asks.</summary>
    public SandboxUser User => user;

    /// <summary>Is cancelled when the client has gone.</summary>
    public CancellationToken Aborted => context.RequestAborted;

    /// <summary>Where the answer goes.</summary>
    public Stream Body => context.Response.Body;

    /// <summary>Whether objects are to be shown as rows.</summary>
    public bool WantsTable => context.Request.Headers.Accept.ToString().Contains(TableAccept, StringComparison.Ordinal);

    /// <summary>Which part of objects goes into rows.</summary>
    public string IncludeObject => Query("includeObject") ?? "Metadata";

    /// <summary>The form of the body, without parameters.</summary>
    public string MediaType => (context.Request.ContentType ?? MediaTypes.Json).Split(';')[0].Trim();

    /// <summary>Whether it is server-side apply.</summary>
    public bool IsApply => request.Verb == "patch" && MediaType == MediaTypes.ApplyPatch;

    /// <summary>A parameter of the query; null where it is missing or empty.</summary>
    public string? Query(string name) => context.Request.Query[name].ToString() is { Length: > 0 } value ? value : null;

    /// <summary>Whether a parameter says yes.</summary>
    public bool IsSet(string name) => Query(name) is "true" or "1" or "True";

    /// <summary>A number among the parameters; null where it is missing.</summary>
    /// <exception cref="StatusException">It is none.</exception>
    public long? Number(string name) => Query(name) is not { } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw Refusals.Invalid(
            request.Group,
            request.Resource,
            "",
            [FieldError.Invalid(name, text, $"strconv.ParseUint: parsing \"{text}\": invalid syntax")]);

    /// <summary>What a write says besides its body.</summary>
    public WriteOptions WriteOptions(DateTimeOffset now) => new(
        request.Namespace,
        request.Name,
        request.Subresource,
        Query("fieldManager") ?? UserAgent.Split('/')[0],
        Query("fieldValidation") == "Strict",
        IsSet("force"),
        now);

    /// <summary>What the client calls itself.</summary>
    public string UserAgent => context.Request.Headers.UserAgent.ToString();

    /// <summary>Reads the body, as JSON or YAML.</summary>
    /// <returns>Null where there is none.</returns>
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
            throw Refusals.BadRequest($"the body of the request cannot be read: {unreadable.Message}");
        }
    }

    /// <summary>Reads the body, which has to be an object.</summary>
    /// <exception cref="StatusException">It is none.</exception>
    public async Task<JsonObject> ReadObjectAsync() => MediaType is MediaTypes.Json or MediaTypes.Yaml
        ? await ReadAsync() as JsonObject ?? throw Refusals.BadRequest("Object 'Kind' is missing in the body of the request")
        : throw Refusals.UnsupportedMediaType($"{MediaTypes.Json}, {MediaTypes.Yaml}");

    /// <summary>Answers.</summary>
    public async Task AnswerAsync(int code, JsonNode body)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = MediaTypes.Json;
        await JsonSerializer.SerializeAsync(Body, body, FieldError.Plain, Aborted);
    }

    /// <summary>Answers with an object, or with a row for it.</summary>
    public Task AnswerAsync(int code, ServedKind kind, JsonElement stored, DateTimeOffset now) =>
        AnswerAsync(
            code,
            request.Subresource == ScaleView.Subresource
                ? ScaleView.Of(kind.Scale!, kind.View(stored))
                : Shown(kind, kind.View(stored), now));

    /// <summary>An object in the form that the client wants.</summary>
    public JsonObject Shown(ServedKind kind, JsonObject subject, DateTimeOffset now)
    {
        var version = subject["metadata"]?["resourceVersion"]?.DeepClone();
        return WantsTable
            ? Discovery.Tables.Of(kind, [subject], new JsonObject { ["resourceVersion"] = version }, IncludeObject, now)
            : subject;
    }

    /// <summary>Answers with a refusal.</summary>
    public Task RefuseAsync(StatusException refusal)
    {
        if (refusal.RetryAfter is { } pause)
        {
            context.Response.Headers.RetryAfter = ((int)Math.Ceiling(pause.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        return AnswerAsync(refusal.Code, refusal.ToJson());
    }

    /// <summary>Begins an answer that goes on.</summary>
    public async Task BeginStreamAsync()
    {
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = MediaTypes.Json;
        await context.Response.StartAsync(Aborted);
        await Body.FlushAsync(Aborted);
    }

    /// <summary>From now on, nothing is sent.</summary>
    public void DropAnswer() => context.Response.Body = Stream.Null;

    /// <summary>Breaks the connection.</summary>
    public void Abort() => context.Abort();
}
