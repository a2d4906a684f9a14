using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.ApiServer.Errors;
using ServiceProviderOcm.Sandbox.ApiServer.Faults;
using ServiceProviderOcm.Sandbox.ApiServer.Json;
using ServiceProviderOcm.Sandbox.ApiServer.Selection;
using ServiceProviderOcm.Sandbox.ApiServer.Serving;
using ServiceProviderOcm.Sandbox.ApiServer.Storage;

namespace ServiceProviderOcm.Sandbox.ApiServer.Http;

/// <summary>Answers <c>watch</c>.</summary>
internal sealed class WatchHandler(
    ObjectStore store, KindCatalog catalog, ServerFaults faults, TimeSpan bookmarkInterval, bool hasWatchList, TimeProvider time)
{
    private const string Bookmarks = "allowWatchBookmarks";

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(45);

    /// <summary>Sends changes until the timeout, the client disconnects, or the definition of the kind changes.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="stopping">Cancelled when the server stops.</param>
    public async Task WatchAsync(ApiExchange exchange, ServedKind kind, CancellationToken stopping)
    {
        var selection = ReadHandler.Selection(exchange, kind);
        var sendsInitialEvents = SendsInitialEvents(exchange);
        var from = sendsInitialEvents ? 0 : exchange.Number("resourceVersion") ?? 0;
        var timeout = exchange.Number("timeoutSeconds") is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : DefaultTimeout;
        using var timer = new CancellationTokenSource(timeout, time);
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(
            exchange.Aborted, stopping, faults.WatchCut(kind.Kind.Plural));

        var start = store.State;
        using var feed = store.Watch(from == 0 ? start.Version : from);
        await exchange.BeginStreamAsync();
        var stream = new WatchStream(exchange, kind, time);
        if (feed is null)
        {
            await stream.ErrorAsync(StatusErrors.Expired($"too old resource version: {from} ({store.OldestVersion})"));
            return;
        }

        foreach (var stored in from == 0 ? start.Of(kind.Resource).Values.Where(stored => selection.Matches(stored)) : [])
        {
            await stream.SendAsync("ADDED", stored);
        }

        if (sendsInitialEvents && exchange.IsSet(Bookmarks))
        {
            await stream.BookmarkAsync(start.Version, endsInitialEvents: true);
        }

        try
        {
            await SendChangesAsync(feed, exchange, kind, selection, stream, Math.Max(from, start.Version), timer.Token, broken.Token);
        }
        catch (OperationCanceledException) when (broken.IsCancellationRequested)
        {
            exchange.Abort();
        }
    }

    // A server without the feature ignores the one parameter and rejects the other.
    private bool SendsInitialEvents(ApiExchange exchange)
    {
        const string Match = "resourceVersionMatch";
        const string NotOlderThan = "NotOlderThan";
        var match = exchange.Query(Match);
        var isAsked = exchange.Query("sendInitialEvents") is not null;
        var error = (hasWatchList, isAsked, match) switch
        {
            (false, _, not null) => new FieldError(FieldErrorType.Forbidden, Match, null, $"{Match} is forbidden for watch"),
            (true, true, null) => new FieldError(
                FieldErrorType.Forbidden, Match, null, $"sendInitialEvents requires setting {Match} to {NotOlderThan}"),
            (true, false, not null) => new FieldError(
                FieldErrorType.Forbidden, Match, null, $"{Match} is forbidden for watch unless sendInitialEvents is provided"),
            (true, true, not NotOlderThan) => new FieldError(
                FieldErrorType.NotSupported, Match, $"\"{match}\"", $"supported values: \"{NotOlderThan}\""),
            _ => null,
        };
        return error is null ? hasWatchList && exchange.IsSet("sendInitialEvents")
            : throw StatusErrors.Invalid("meta.k8s.io", "ListOptions", "", [error]);
    }

    private async Task SendChangesAsync(
        StoreFeed feed,
        ApiExchange exchange,
        ServedKind kind,
        ObjectSelection selection,
        WatchStream stream,
        long version,
        CancellationToken timeIsUp,
        CancellationToken cancellationToken)
    {
        var wantsBookmarks = exchange.IsSet(Bookmarks);
        var read = 0;
        while (true)
        {
            await stream.FlushAsync();
            feed.Sent(read);
            read = 0;
            using var tick = new CancellationTokenSource(bookmarkInterval, time);
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(tick.Token, timeIsUp, cancellationToken);
            try
            {
                await feed.Changes.WaitToReadAsync(waiting.Token);
            }
            catch (OperationCanceledException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (wantsBookmarks)
                {
                    await stream.BookmarkAsync(version);
                }

                if (timeIsUp.IsCancellationRequested)
                {
                    return;
                }
            }

            while (feed.Changes.TryRead(out var change))
            {
                read++;
                version = change.Version;
                if (change.Resource == kind.Resource)
                {
                    await SendAsync(change, selection, stream);
                }
                else if (change.Resource == CoreKinds.CustomResourceDefinition.QualifiedPlural && HasChanged(kind, change))
                {
                    return;
                }
            }
        }
    }

    // Clients must read the objects again, in their new form.
    private bool HasChanged(ServedKind kind, StoreChange change) =>
        kind.IsCustom
        && (change.After ?? change.Before!.Value).Text("metadata", "name") == kind.Resource
        && !(change is { Before: { } before, After: { } after }
            && JsonElement.DeepEquals(before.GetProperty("spec"), after.GetProperty("spec"))
            && catalog.At(change.State).Find(kind.Kind.Group, kind.Kind.Version, kind.Kind.Plural) is not null);

    private static Task SendAsync(StoreChange change, ObjectSelection selection, WatchStream stream) =>
        (selection.Matches(change.Before), selection.Matches(change.After)) switch
        {
            (false, true) => stream.SendAsync("ADDED", change.After!.Value),
            (true, true) => stream.SendAsync("MODIFIED", change.After!.Value),
            (true, false) => stream.SendAsync("DELETED", Last(change)),
            _ => Task.CompletedTask,
        };

    // The object as it was last, with the resource version of its deletion.
    private static JsonElement Last(StoreChange change)
    {
        var last = change.Before!.Value.ToObject();
        last.Child("metadata")["resourceVersion"] = change.Version.ToString(CultureInfo.InvariantCulture);
        return JsonSerializer.SerializeToElement<JsonNode>(last);
    }
}
