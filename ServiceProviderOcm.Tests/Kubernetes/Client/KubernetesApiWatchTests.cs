using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Support.Http;
using ServiceProviderOcm.Tests.Support.Metrics;

namespace ServiceProviderOcm.Tests.Kubernetes.Client;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class KubernetesApiWatchTests : IDisposable
{
    private const string Added = """{"type":"ADDED","object":{"metadata":{"name":"a","resourceVersion":"2"}}}""";
    private const string Bookmark = """{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"9"}}}""";

    private static readonly ResourceKind ConfigMap = new("", "v1", "ConfigMap", "configmaps");
    private static readonly WatchRequest FromOne = new("1", "n", "l=1", "metadata.name=a", TimeSpan.FromSeconds(77.7));

    private const string InitialEnd = """
        {"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"9","annotations":{"k8s.io/initial-events-end":"true"}}}}
        """;

    private static readonly WatchRequest Initial = new("", "n", null, null, TimeSpan.FromSeconds(77)) { SendsInitialEvents = true };

    private readonly Pipe _stream = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedServer _server;
    private readonly KubernetesApi _api;

    public KubernetesApiWatchTests()
    {
        _server = new ScriptedServer((_, _) => Task.FromResult(
            new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(_stream.Reader.AsStream()) }));
        _api = new KubernetesApi(
            "here",
            _server,
            ClientOptions.Default with { WatchSilence = TimeSpan.FromSeconds(150), RequestTimeout = TimeSpan.FromSeconds(30) },
            _time,
            TestMetrics.Create().Requests);
    }

    public void Dispose() => _server.Dispose();

    [Test]
    public async Task Events_come_one_by_one_until_the_server_ends_the_stream()
    {
        await SendAsync(Added, Added.Replace("ADDED", "MODIFIED", StringComparison.Ordinal));
        await SendAsync(Added.Replace("ADDED", "DELETED", StringComparison.Ordinal), Bookmark);
        await _stream.Writer.CompleteAsync();

        var events = await WatchAsync().Select(change => (change.Type, change.Subject.ResourceVersion)).ToListAsync();

        Assert.That(events, Is.EqualTo(new[]
        {
            (WatchEventType.Added, "2"), (WatchEventType.Modified, "2"), (WatchEventType.Deleted, "2"), (WatchEventType.Bookmark, "9"),
        }));
        Assert.That(_server.Requests, Is.EqualTo(new[]
        {
            "GET /api/v1/namespaces/n/configmaps?watch=true&allowWatchBookmarks=true&resourceVersion=1&labelSelector=l%3D1"
                + "&fieldSelector=metadata.name%3Da&timeoutSeconds=77",
        }));
    }

    [Test]
    public async Task Initial_events_are_asked_for_and_their_end_is_recognized()
    {
        await SendAsync(Added, InitialEnd, Added, Bookmark);
        await _stream.Writer.CompleteAsync();

        var events = await InitialAsync().Select(change => (change.Type, change.EndsInitialEvents, change.Server is null)).ToListAsync();

        Assert.That(events, Is.EqualTo(new[]
        {
            (WatchEventType.Added, false, true), (WatchEventType.Bookmark, true, false), (WatchEventType.Added, false, true),
            (WatchEventType.Bookmark, false, true),
        }));
        Assert.That(_server.Requests, Is.EqualTo(new[]
        {
            "GET /api/v1/namespaces/n/configmaps?watch=true&allowWatchBookmarks=true&sendInitialEvents=true"
                + "&resourceVersionMatch=NotOlderThan&timeoutSeconds=77",
        }));
    }

    [TestCase(400)]
    [TestCase(422)]
    public async Task A_server_that_rejects_initial_events_is_asked_once(int code)
    {
        using var server = new ScriptedServer(Answers.Error(code));
        var api = new KubernetesApi("here", server, ClientOptions.Default, _time, TestMetrics.Create().Requests);

        for (var round = 0; round < 3; round++)
        {
            var error = await Assert.ThrowsAsync<KubernetesApiException>(async () => await api.WatchAsync(ConfigMap, Initial, default).CountAsync());
            Assert.That(error!.Reason, Is.EqualTo(StreamedListSupport.Unsupported));
        }

        Assert.That(server.Requests, Has.Exactly(1).Items);
    }

    [Test]
    public async Task Another_error_does_not_mean_that_a_server_rejects_initial_events()
    {
        using var server = new ScriptedServer(Answers.Error(503), Answers.Error(403));
        var api = new KubernetesApi("here", server, ClientOptions.Default, _time, TestMetrics.Create().Requests);

        foreach (var code in (int[])[503, 403])
        {
            var error = await Assert.ThrowsAsync<KubernetesApiException>(async () => await api.WatchAsync(ConfigMap, Initial, default).CountAsync());
            Assert.That(error!.Code, Is.EqualTo(code));
        }
    }

    [Test]
    public async Task A_server_that_ignores_initial_events_is_known_by_its_first_bookmark()
    {
        await SendAsync(Added, Bookmark);

        var error = await Assert.ThrowsAsync<KubernetesApiException>(async () => await InitialAsync().CountAsync());

        Assert.That(error!.Reason, Is.EqualTo(StreamedListSupport.Unsupported));
    }

    [Test]
    public async Task A_server_that_ignores_initial_events_is_known_by_its_silence()
    {
        await using var events = InitialAsync().GetAsyncEnumerator();
        var first = events.MoveNextAsync();
        await SendAsync(Added);
        Assert.That(await first);

        var next = events.MoveNextAsync().AsTask();
        _time.Advance(TimeSpan.FromSeconds(10));

        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => next);
        Assert.That(error!.Reason, Is.EqualTo(StreamedListSupport.Unsupported));
    }

    [Test]
    public async Task A_server_that_sends_initial_events_drop_by_drop_is_listed_page_by_page()
    {
        await using var events = InitialAsync().GetAsyncEnumerator();
        var received = 0;
        KubernetesApiException? error = null;
        while (error is null && received < 100)
        {
            var next = events.MoveNextAsync().AsTask();
            try
            {
                await SendAsync(Added);
                Assert.That(await next);
                received++;
                _time.Advance(TimeSpan.FromSeconds(9));
            }
            catch (KubernetesApiException exception)
            {
                error = exception;
            }
        }

        Assert.That((error?.Reason, received), Is.EqualTo((StreamedListSupport.Unsupported, 14)));
    }

    [Test]
    public async Task A_watch_ends_when_no_event_arrives_for_too_long()
    {
        await using var events = WatchAsync().GetAsyncEnumerator();
        for (var round = 0; round < 3; round++)
        {
            var next = events.MoveNextAsync();
            _time.Advance(TimeSpan.FromSeconds(149));
            await SendAsync(Added);
            Assert.That(await next, Is.True);
        }

        var last = events.MoveNextAsync();
        _time.Advance(TimeSpan.FromSeconds(150));

        Assert.That(await last, Is.False);
    }

    [Test]
    public async Task A_newer_connection_ends_a_watch()
    {
        await using var events = WatchAsync().GetAsyncEnumerator();
        await SendAsync(Added);
        await events.MoveNextAsync();

        var next = events.MoveNextAsync();
        _server.Connection.Supersede();

        Assert.That(await next, Is.False);
    }

    [Test]
    public async Task A_broken_watch_is_a_transient_error()
    {
        await SendAsync(Added);
        await using var events = WatchAsync().GetAsyncEnumerator();
        await events.MoveNextAsync();
        await _stream.Writer.CompleteAsync(new IOException("connection reset"));

        var error = await Assert.ThrowsAsync<KubernetesApiException>(async () => await events.MoveNextAsync());

        Assert.That((error!.Code, error.IsTransient, error.Message), Is.EqualTo((0, true, "connection reset")));
    }

    [TestCase("""{"code":410,"reason":"Expired","message":"too old"}""", 410, "too old")]
    [TestCase("""{"reason":"Expired","message":"too old"}""", 410, "too old")]
    [TestCase("""{"reason":"Gone"}""", 410, "HTTP 410 Gone")]
    [TestCase("""{"code":500,"reason":"InternalError","message":"oh"}""", 500, "oh")]
    [TestCase("{}", 500, "HTTP 500 InternalServerError")]
    public async Task An_error_event_of_a_watch_is_thrown(string status, int code, string message)
    {
        var error = await ErrorAfterAsync($$"""{"type":"ERROR","object":{{status}}}""");

        Assert.That((error.Code, error.IsGone, error.Message), Is.EqualTo((code, code == 410, message)));
    }

    [Test]
    public async Task Of_a_large_error_event_only_code_and_reason_are_read()
    {
        var large = new string('x', new ReadLimits().ErrorBytes);
        var error = await ErrorAfterAsync(
            $$$"""{"type":"ERROR","object":{"message":"{{{large}}}","details":{"retryAfterSeconds":9},"reason":"Expired","code":410,"status":"Failure"}}""");

        Assert.That((error.Code, error.Reason, error.Message, error.RetryAfter), Is.EqualTo((410, "Expired", "HTTP 410 Gone", (TimeSpan?)null)));
    }

    [TestCase("""{"type":"ERROR","object":{"reason":"?"}}""")]
    [TestCase("""{"type":"ERROR","object":{"code":410,"message":"?"}}""")]
    public async Task An_error_event_that_is_not_UTF_8_is_a_transient_error(string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line + "\n");
        bytes[Array.IndexOf(bytes, (byte)'?')] = 0xff;

        await _stream.Writer.WriteAsync(bytes);
        await _stream.Writer.CompleteAsync();
        var error = await Assert.ThrowsAsync<KubernetesApiException>(async () => await WatchAsync().FirstAsync());

        Assert.That(error!.IsTransient);
    }

    [TestCase("garbage")]
    [TestCase("")]
    [TestCase("5")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("""{"type":"ADDED"}""")]
    [TestCase("""{"type":"ADDED","object":"text"}""")]
    [TestCase("""{"type":"ADDED","object":null}""")]
    public async Task A_malformed_event_is_a_transient_error(string line) => Assert.That((await ErrorAfterAsync(line)).IsTransient);

    [Test]
    public async Task A_truncated_event_is_a_transient_error()
    {
        await _stream.Writer.WriteAsync(Encoding.UTF8.GetBytes(Added[..20]));
        await _stream.Writer.CompleteAsync();

        var error = await Assert.ThrowsAsync<KubernetesApiException>(async () => await WatchAsync().FirstAsync());

        Assert.That(error!.IsTransient);
    }

    [Test]
    public async Task A_caller_may_cancel_a_watch()
    {
        using var caller = new CancellationTokenSource();
        var next = _api.WatchAsync(ConfigMap, FromOne, caller.Token).FirstAsync().AsTask();
        await caller.CancelAsync();

        await Assert.ThatAsync(() => next, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task An_accepted_watch_is_reported_before_its_first_event()
    {
        var opened = new TaskCompletionSource();
        using var caller = new CancellationTokenSource();
        var next = _api.WatchAsync(ConfigMap, FromOne with { Opened = opened.SetResult }, caller.Token).FirstAsync().AsTask();

        await opened.Task;

        Assert.That(next.IsCompleted, Is.False);
        await caller.CancelAsync();
        await Assert.ThatAsync(() => next, Throws.InstanceOf<OperationCanceledException>());
    }

    [TestCase(410)]
    [TestCase(403)]
    [TestCase(503)]
    public async Task A_rejected_watch_is_neither_reported_as_open_nor_retried(int code)
    {
        using var server = new ScriptedServer(Answers.Error(code));
        var api = new KubernetesApi("here", server, ClientOptions.Default, _time, TestMetrics.Create().Requests);
        var isOpen = false;

        var error = await Assert.ThrowsAsync<KubernetesApiException>(
            async () => await api.WatchAsync(ConfigMap, FromOne with { Opened = () => isOpen = true }, default).FirstAsync());

        Assert.That((error!.Code, isOpen, server.Requests.Count), Is.EqualTo((code, false, 1)));
    }

    [Test]
    public async Task A_closed_connection_is_a_transient_error()
    {
        _server.Dispose();

        var error = await Assert.ThrowsAsync<KubernetesApiException>(async () => await WatchAsync().FirstAsync());

        Assert.That(error!.IsTransient);
    }

    private IAsyncEnumerable<WatchEvent> InitialAsync() => _api.WatchAsync(ConfigMap, Initial, default);

    private IAsyncEnumerable<WatchEvent> WatchAsync() => _api.WatchAsync(ConfigMap, FromOne, default);

    private async Task<KubernetesApiException> ErrorAfterAsync(string line)
    {
        // A long line fits into the pipe only while it is read.
        var sending = SendAsync(line);
        var error = await Assert.ThrowsAsync<KubernetesApiException>(async () => await WatchAsync().FirstAsync());
        await sending;
        return error!;
    }

    private async Task SendAsync(params string[] lines) =>
        await _stream.Writer.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
}
