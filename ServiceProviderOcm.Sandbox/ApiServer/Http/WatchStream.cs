using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.ApiServer.Errors;
using ServiceProviderOcm.Sandbox.ApiServer.Json;
using ServiceProviderOcm.Sandbox.ApiServer.Serving;

namespace ServiceProviderOcm.Sandbox.ApiServer.Http;

/// <summary>Writes the events of a watch, one JSON object per line.</summary>
internal sealed class WatchStream(ApiExchange exchange, ServedKind kind, TimeProvider time)
{
    /// <summary>Sends an object.</summary>
    public Task SendAsync(string type, JsonElement stored) =>
        WriteAsync(type, exchange.Print(kind, kind.View(stored), time.GetUtcNow()));

    /// <summary>Sends a bookmark.</summary>
    /// <param name="version">The version up to which all changes have been sent.</param>
    /// <param name="endsInitialEvents">Whether it follows the objects that existed at the beginning.</param>
    public Task BookmarkAsync(long version, bool endsInitialEvents = false)
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
        if (endsInitialEvents)
        {
            bookmark["metadata"]!["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        }

        return WriteAsync("BOOKMARK", exchange.Print(kind, bookmark, time.GetUtcNow()));
    }

    /// <summary>Sends an error.</summary>
    public Task ErrorAsync(StatusException error) => WriteAsync("ERROR", error.ToJson());

    /// <summary>Flushes what was sent.</summary>
    public Task FlushAsync() => exchange.Body.FlushAsync(exchange.Aborted);

    private async Task WriteAsync(string type, JsonObject subject)
    {
        await JsonSerializer.SerializeAsync(
            exchange.Body, new JsonObject { ["type"] = type, ["object"] = subject }, JsonText.Options, exchange.Aborted);
        await exchange.Body.WriteAsync("\n"u8.ToArray(), exchange.Aborted);
    }
}
