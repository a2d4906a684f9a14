using System.IO.Pipelines;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.ApiServer.Access;

namespace ServiceProviderOcm.Tests.Faults;

/// <summary>
/// Stands between one process of the controller and one cluster: names its requests and the events that it gets, and disturbs them.
/// </summary>
internal sealed class Wire(ControllerProcess process, FaultCluster cluster, Trace trace, Rules rules) : DelegatingHandler
{
    private const string Gone =
        """{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Expired","message":"too old resource version","code":410}}""";

    private readonly HttpMessageInvoker _server = cluster.CreateInvoker();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        process.BeginRequest();
        try
        {
            return await ForwardAsync(request, cancellationToken);
        }
        finally
        {
            process.Activity.Ended();
        }
    }

    protected override void Dispose(bool disposing)
    {
        _server.Dispose();
        base.Dispose(disposing);
    }

    private async Task<HttpResponseMessage> ForwardAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        process.ThrowIfDead();
        if (cluster.Link.Cut.IsCancellationRequested)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, "connection refused");
        }

        var query = QueryOf(request.RequestUri!);
        var sent = RequestAttributes.Parse(
            request.Method.Method, request.RequestUri!.AbsolutePath, query.GetValueOrDefault("watch") == "true", query.GetValueOrDefault("fieldSelector"));
        var sendsInitialEvents = query.GetValueOrDefault("sendInitialEvents") == "true";
        var fate = trace.OnRequest(sendsInitialEvents ? $"{NameOf(sent, query)} (initial)" : NameOf(sent, query));
        if (fate == DisturbanceKind.CrashBefore)
        {
            process.Die();
        }

        process.ThrowIfDead();
        var body = request.Content is { } content ? await content.ReadAsStringAsync(cancellationToken) : "";
        if ((sent.Verb == "list" || sendsInitialEvents) && query.ContainsKey("resourceVersion"))
        {
            rules.Violate($"{sent.Path} is listed from a resource version, which may be an old one");
        }

        var write = sent.IsWrite ? rules.Before(cluster, sent, body) : null;
        using var alive = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, process.Dead);
        var response = await SendAsync(request, alive.Token, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            trace.Note($"    answered {(int)response.StatusCode}");
        }
        else if (write is not null)
        {
            rules.After(write);
        }

        if (fate == DisturbanceKind.CrashAfter)
        {
            process.Die();
        }

        if (process.Dead.IsCancellationRequested)
        {
            response.Dispose();
            process.ThrowIfDead();
        }

        if (sent.Verb == "watch" && response.IsSuccessStatusCode)
        {
            response.Content = WatchAsync((TransitContent)response.Content, NameOf(sent, query)["watch ".Length..], sendsInitialEvents);
        }

        return response;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken alive, CancellationToken cancellationToken)
    {
        try
        {
            return await _server.SendAsync(request, alive);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException("the process has ended");
        }
    }

    private HttpContent WatchAsync(TransitContent upstream, string watch, bool sendsInitialEvents)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var stop = CancellationTokenSource.CreateLinkedTokenSource(process.Dead);
        var transit = process.Activity.Open();
        var down = new NotifyingStream(pipe.Writer.AsStream(), transit, () => { }, () => { });
        _ = PumpAsync(upstream, pipe.Writer, down, watch, sendsInitialEvents, stop);
        var content = new StreamContent(new NotifyingStream(pipe.Reader.AsStream(), transit, () => { }, () =>
        {
            stop.Cancel();
            stop.Dispose();
        }));
        content.Headers.ContentType = upstream.Headers.ContentType;
        return content;
    }

    private async Task PumpAsync(
        TransitContent upstream, PipeWriter writer, Stream down, string watch, bool isInitial, CancellationTokenSource stop)
    {
        using var content = upstream;
        try
        {
            using var reader = new StreamReader(await upstream.ReadAsStreamAsync(stop.Token));
            await (isInitial ? Task.CompletedTask : LagAsync(upstream.Transit, stop.Token));
            while (await reader.ReadLineAsync(stop.Token) is { } line)
            {
                var change = JsonNode.Parse(line)!;
                var end = await OnEventAsync(upstream, change, isInitial ? $"{watch} (initial)" : watch, stop.Token);
                await down.WriteAsync(System.Text.Encoding.UTF8.GetBytes((end ?? line) + "\n"), stop.Token);
                if (end is not null)
                {
                    break;
                }

                if (isInitial && EndsInitialEvents(change))
                {
                    isInitial = false;
                    await LagAsync(upstream.Transit, stop.Token);
                }
            }

            await writer.CompleteAsync();
        }
        catch (Exception exception)
        {
            // The process or the connection has ended.
            await writer.CompleteAsync(new IOException("the watch was aborted", exception));
        }
    }

    private static bool EndsInitialEvents(JsonNode change) =>
        change["object"]?["metadata"]?["annotations"]?["k8s.io/initial-events-end"]?.GetValue<string>() == "true";

    private Task LagAsync(Transit transit, CancellationToken stop) =>
        process.Lags(cluster) ? HoldAsync(transit, stop) : Task.CompletedTask;

    private async Task HoldAsync(Transit transit, CancellationToken stop)
    {
        transit.IsHeld = true;
        await trace.HoldAsync(stop);
        transit.IsHeld = false;
    }

    // What is sent in place of the event, before the watch ends; null to go on.
    private async Task<string?> OnEventAsync(TransitContent upstream, JsonNode change, string watch, CancellationToken stop)
    {
        var type = change["type"]!.GetValue<string>();
        if (type is "BOOKMARK" or "ERROR")
        {
            return null;
        }

        var metadata = change["object"]!["metadata"]!;
        var fate = trace.OnEvent($"{type} {watch} {metadata["namespace"]}/{metadata["name"]}");
        switch (fate)
        {
            case DisturbanceKind.Delay:
                await HoldAsync(upstream.Transit, stop);
                return null;
            case DisturbanceKind.Coalesce:
                await HoldAsync(upstream.Transit, stop);
                return Gone;
            case DisturbanceKind.Expire:
                return Gone;
            case DisturbanceKind.LaggingRestart:
                process.Die(cluster);
                process.ThrowIfDead();
                return null;
            default:
                return null;
        }
    }

    private string NameOf(RequestAttributes sent, IReadOnlyDictionary<string, string> query)
    {
        var resource = sent.Subresource.Length == 0 ? sent.Resource : $"{sent.Resource}/{sent.Subresource}";
        var labels = query.ContainsKey("labelSelector") ? " (labels)" : "";
        return sent.IsResource
            ? $"{sent.Verb} {cluster.Name} {resource} {sent.Namespace}/{sent.Name}{labels}"
            : $"{sent.Verb} {cluster.Name} {sent.Path}";
    }

    private static IReadOnlyDictionary<string, string> QueryOf(Uri url) => url.Query.TrimStart('?')
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(part => part.Split('=', 2))
        .ToDictionary(part => part[0], part => Uri.UnescapeDataString(part.ElementAtOrDefault(1) ?? ""), StringComparer.Ordinal);
}
