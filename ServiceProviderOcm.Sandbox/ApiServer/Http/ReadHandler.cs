using System.Globalization;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.ApiServer.Errors;
using ServiceProviderOcm.Sandbox.ApiServer.Selection;
using ServiceProviderOcm.Sandbox.ApiServer.Serving;
using ServiceProviderOcm.Sandbox.ApiServer.Storage;

namespace ServiceProviderOcm.Sandbox.ApiServer.Http;

/// <summary>Answers <c>get</c> and <c>list</c>.</summary>
internal sealed class ReadHandler(ObjectStore store, TimeProvider time)
{
    private const string TokenTooOld = "The provided continue parameter is too old to display a consistent list result. "
        + "You must start a new list without the continue parameter.";

    /// <summary>The selection of a list or watch.</summary>
    public static ObjectSelection Selection(ApiExchange exchange, ServedKind kind) => new(
        exchange.Request.Namespace,
        LabelSelector.Parse(exchange.Query("labelSelector")),
        FieldSelector.Parse(exchange.Query("fieldSelector"), kind.SelectableFields));

    /// <summary>Gets an object.</summary>
    public Task GetAsync(ApiExchange exchange, ServedKind kind)
    {
        var stored = store.State.Find(kind.Resource, new StoreKey(exchange.Request.Namespace, exchange.Request.Name))
            ?? throw StatusErrors.NotFound(kind.Kind, exchange.Request.Name);
        return exchange.AnswerAsync(200, kind, stored, time.GetUtcNow());
    }

    /// <summary>Lists objects, or a page of them.</summary>
    public Task ListAsync(ApiExchange exchange, ServedKind kind)
    {
        var limit = (int)(exchange.Number("limit") ?? 0);
        var token = exchange.Query("continue") is { } text ? ContinueToken.Read(text) : null;
        var state = token is not null ? store.At(token.Version) ?? throw StatusErrors.Expired(TokenTooOld)
            : exchange.Query("resourceVersionMatch") == "Exact" && exchange.Number("resourceVersion") is { } exact
            ? store.At(exact) ?? throw StatusErrors.Expired($"too old resource version: {exact} ({store.OldestVersion})")
            : store.State;
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

        return exchange.AnswerListAsync(kind, page.Select(entry => entry.Value), metadata, time.GetUtcNow());
    }
}
