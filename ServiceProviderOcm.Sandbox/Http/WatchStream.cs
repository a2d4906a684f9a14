using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.Errors;
using ServiceProviderOcm.Sandbox.Serving;

namespace ServiceProviderOcm.Sandbox.Http;

/// <summary>Writes the events of a watch, one JSON object a line.</summary>
internal sealed class WatchStream(ApiExchange exchange, ServedKind kind, TimeProvider time)
{
    /// <summary>Tells of an object.</summary>
    public Task SendAsync(string type, JsonElement stored) =>
        WriteAsync(type, exchange.Shown(kind, kind.View(stored), time.GetUtcNow()));

    /// <summary>Tells that there is nothing new up to a version.</summary>
    public Task BookmarkAsync(long version)
    {
        var bookmark = new JsonObject
        {
            ["kind"] = kind.Kind.Kind,
            ["apiVersion"] = kind.Kind.ApiVersion,
            ["metadata"] = new JsonObject
            {
                ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture),
                ["creationTimestamp"] = null,
            },
        };
        return WriteAsync("BOOKMARK", exchange.Shown(kind, bookmark, time.GetUtcNow()));
    }

    /// <summary>Tells what is wrong.</summary>
    public Task ErrorAsync(StatusException error) => WriteAsync("ERROR", error.ToJson());

    /// <summary>Sends what was written.</summary>
    public Task FlushAsync() => exchange.Body.FlushAsync(exchange.Aborted);

    private async Task WriteAsync(string type, JsonObject subject)
    {
        await JsonSerializer.SerializeAsync(
            exchange.Body, new JsonObject { ["type"] = type, ["object"] = subject }, FieldError.Plain, exchange.Aborted);
        await exchange.Body.WriteAsync("\n"u8.ToArray(), exchange.Aborted);
    }
}
