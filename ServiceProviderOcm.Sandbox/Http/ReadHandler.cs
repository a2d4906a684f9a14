using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.Discovery;
using ServiceProviderOcm.Sandbox.Errors;
using ServiceProviderOcm.Sandbox.Selection;
using ServiceProviderOcm.Sandbox.Serving;
using ServiceProviderOcm.Sandbox.Storage;

namespace ServiceProviderOcm.Sandbox.Http;

/// <summary>Answers <c>get</c> and <c>list</c>.</summary>
internal sealed class ReadHandler(ObjectStore store, TimeProvider time)
{
    private const string TokenTooOld = "The provided continue parameter is too old to display a consistent list result. You can start a new "
        + "list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results.";

    /// <summary>What a list or watch selects.</summary>
    public static ObjectSelection Selection(ApiExchange exchange, ServedKind kind) => new(
        exchange.Request.Namespace,
        LabelSelector.Parse(exchange.Query("labelSelector")),
        FieldSelector.Parse(exchange.Query("fieldSelector"), kind.SelectableFields));

    /// <summary>One object.</summary>
    public Task GetAsync(ApiExchange exchange, ServedKind kind)
    {
        var stored = store.State.Find(kind.Resource, new StoreKey(exchange.Request.Namespace, exchange.Request.Name))
            ?? throw Refusals.NotFound(kind.Kind, exchange.Request.Name);
        return exchange.AnswerAsync(200, kind, stored, time.GetUtcNow());
    }

    /// <summary>A list, or a page of one.</summary>
    public Task ListAsync(ApiExchange exchange, ServedKind kind)
    {
        var limit = (int)(exchange.Number("limit") ?? 0);
        var token = exchange.Query("continue") is { } text ? ContinueToken.Read(text) : null;
        var state = token is null ? Wanted(exchange, limit) : StateOf(token);
        var selection = Selection(exchange, kind);
        var rest = state.Of(kind.Resource)
            .Where(entry => token is null || entry.Key.CompareTo(token.After()) > 0)
            .Where(entry => selection.Matches(entry.Value));
        var found = limit > 0 ? rest.Take(limit + 1).ToList() : [.. rest];
        var hasMore = limit > 0 && found.Count > limit;
        var page = hasMore ? found[..limit] : found;

        var metadata = new JsonObject { ["resourceVersion"] = state.Version.ToString(CultureInfo.InvariantCulture) };
        if (hasMore)
        {
            metadata["continue"] = new ContinueToken(state.Version, page[^1].Key.Namespace, page[^1].Key.Name).Write();
        }

        return exchange.AnswerAsync(200, Shown(exchange, kind, page.Select(entry => entry.Value), metadata));
    }

    private JsonObject Shown(ApiExchange exchange, ServedKind kind, IEnumerable<JsonElement> stored, JsonObject metadata)
    {
        var objects = stored.Select(item => kind.View(item));
        if (exchange.WantsTable)
        {
            return Tables.Of(kind, objects, metadata, exchange.IncludeObject, time.GetUtcNow());
        }

        return new JsonObject
        {
            ["kind"] = kind.ListKind,
            ["apiVersion"] = kind.Kind.ApiVersion,
            ["metadata"] = metadata,
            ["items"] = new JsonArray([.. objects.Select(item => InList(kind, item))]),
        };
    }

    // Lists of built-in kinds say once what their items are.
    private static JsonObject InList(ServedKind kind, JsonObject item)
    {
        if (!kind.IsCustom)
        {
            item.Remove("kind");
            item.Remove("apiVersion");
        }

        return item;
    }

    private StoreState Wanted(ApiExchange exchange, int limit)
    {
        var version = exchange.Number("resourceVersion") ?? 0;
        var isExact = exchange.Query("resourceVersionMatch") switch
        {
            "Exact" => true,
            "NotOlderThan" => false,
            _ => limit > 0 && version > 0,
        };
        if (version > store.State.Version)
        {
            throw new StatusException(
                504, "Timeout", $"Too large resource version: {version}, current: {store.State.Version}", new JsonObject
                {
                    ["causes"] = new JsonArray(new JsonObject
                    {
                        ["reason"] = "ResourceVersionTooLarge",
                        ["message"] = "Too large resource version",
                    }),
                })
            { RetryAfter = TimeSpan.FromSeconds(1) };
        }

        return isExact
            ? store.At(version) ?? throw Refusals.Expired($"The resourceVersion for the provided list is too old: {version}")
            : store.State;
    }

    private StoreState StateOf(ContinueToken token) => token.Version < 0
        ? store.State
        : store.At(token.Version) ?? throw Refusals.Expired(TokenTooOld, (token with { Version = -1 }).Write());
}
