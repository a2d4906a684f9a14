using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Support.Http;
using ServiceProviderOcm.Tests.Support.Metrics;
using ServiceProviderOcm.Tests.Support.Time;

namespace ServiceProviderOcm.Tests.Hostile;

/// <summary>A control plane that does not stop sending.</summary>
public sealed class EndlessAnswerTests
{
    private const string List = """{"metadata":{"resourceVersion":"1"},"items":[""";
    private const string Item = """{"metadata":{"name":"a","namespace":"n","resourceVersion":"1"}},""";
    private const string Event = """{"type":"MODIFIED","object":{"metadata":{"name":"a","namespace":"n","resourceVersion":"2"}}}""";
    private const int Slack = 256 << 10;

    private static readonly ReadLimits Limits = new() { AnswerBytes = 3 << 20, ObjectBytes = 1 << 20, BytesPerMinute = 8 << 20 };
    private static readonly WatchRequest Watch = new("1", null, null, null, TimeSpan.FromMinutes(5));
    private static readonly string[] NoRetry = ["GET"];

    [Test]
    public async Task An_endless_list_ends_at_the_limit_of_an_answer()
    {
        var stream = new EndlessStream(List, $$"""{"metadata":{"name":"a","namespace":"n","resourceVersion":"1"},"x":"{{new string('x', 10_000)}}"},""");

        var error = await ErrorAsync(stream, api => api.ListAsync(Kinds.Secret, new ListRequest(), default));

        Assert.That(error.Reason, Is.EqualTo("LimitExceeded"));
        Assert.That(error.Message, Is.EqualTo("list secrets on the control plane: the answer has more than 3145728 bytes (limit answer_bytes)"));
        Assert.That(stream.Served, Is.InRange(Limits.AnswerBytes, Limits.AnswerBytes + Slack));
    }

    [Test]
    public async Task A_list_of_endless_small_objects_ends_as_if_each_had_4096_bytes()
    {
        var stream = new EndlessStream(List, Item);

        var error = await ErrorAsync(stream, api => api.ListAsync(Kinds.Secret, new ListRequest(), default));

        Assert.That(error.Message, Is.EqualTo("list secrets on the control plane: the answer has more than 3145728 bytes (limit answer_bytes)"));
        Assert.That(stream.Served, Is.LessThan((Limits.AnswerBytes / TrafficBudget.LeastBytes * Item.Length) + Slack));
    }

    [TestCase("""{"metadata":{"name":"a","labels":{"x":"y""", "z")]
    [TestCase("""{"metadata":{"name":"a"},"x":""", "[")]
    [TestCase("""{"metadata":{"name":"a"},"x":[""", "1,")]
    public async Task An_endless_object_of_a_list_ends_at_the_limit_of_an_object(string start, string rest)
    {
        var stream = new EndlessStream(List + start, rest);

        var error = await ErrorAsync(stream, api => api.ListAsync(Kinds.Secret, new ListRequest(), default));

        Assert.That((error.Reason, error.Message), Is.EqualTo(
            ("LimitExceeded", "list secrets on the control plane: an object has more than 1048576 bytes (limit object_bytes)")));
        Assert.That(stream.Served, Is.LessThan(Limits.ObjectBytes + (2L << 20)));
    }

    [Test]
    public async Task An_endless_object_ends_at_the_limit_of_an_answer()
    {
        var stream = new EndlessStream("{", "\"x\":[[[[[[[[[[[[]]]]]]]]]]]],");

        var error = await ErrorAsync(stream, api => api.GetAsync(Kinds.Secret, new ObjectKey("n", "a"), default));

        Assert.That((error.Reason, stream.Served <= Limits.AnswerBytes + (4L << 20)), Is.EqualTo(("LimitExceeded", true)));
    }

    [Test]
    public async Task An_endless_line_of_a_watch_ends_at_the_limit_of_an_object()
    {
        var stream = new EndlessStream(Event[..^3], "x");

        var error = await ErrorAsync(stream, async api => await api.WatchAsync(Kinds.Secret, Watch, default).FirstAsync());

        Assert.That((error.Reason, error.Message), Is.EqualTo(
            ("LimitExceeded", "watch secrets on the control plane: a line of the watch has more than 1048576 bytes (limit object_bytes)")));
        Assert.That(stream.Served, Is.LessThan(2 * Limits.ObjectBytes + Slack));
    }

    [Test]
    public async Task An_endless_answer_to_a_failed_request_is_not_read()
    {
        var stream = new EndlessStream("""{"kind":"Status","message":""" + "\"", "secret");

        var error = await ErrorAsync(
            stream, api => api.GetAsync(Kinds.ConfigMap, new ObjectKey("n", "a"), default), HttpStatusCode.Forbidden);

        Assert.That((error.Code, error.Message), Is.EqualTo((403, "get configmaps n/a: HTTP 403 Forbidden")));
        Assert.That(stream.Served, Is.LessThan(2 * Limits.ErrorBytes + Slack));
    }

    [Test]
    public async Task A_list_that_drips_ends_at_the_timeout_of_a_request()
    {
        var time = new FakeTimeProvider();
        var stream = new EndlessStream(List, Item, () => time.Advance(TimeSpan.FromMilliseconds(100)), chunk: 1);

        var error = await ErrorAsync(stream, api => api.ListAsync(Kinds.Secret, new ListRequest(), default), time: time);

        Assert.That((error.Code, error.Reason, stream.Served), Is.EqualTo((0, "TimedOut", 99)));
    }

    [Test]
    public async Task A_line_that_drips_ends_the_watch_as_silence_does()
    {
        var time = new FakeTimeProvider();
        var stream = new EndlessStream(Event[..^3], "x", () => time.Advance(TimeSpan.FromSeconds(1)), chunk: 1);
        using var server = Server(stream);

        Assert.That(await Api(server, time).WatchAsync(Kinds.Secret, Watch, default).CountAsync(), Is.Zero);
        Assert.That(stream.Served, Is.EqualTo(149));
    }

    [Test]
    public async Task Endless_small_events_end_at_the_limit_of_a_minute_even_over_many_watches()
    {
        var time = new HurriedTime(TimeSpan.FromMinutes(2));
        var watches = 0;
        var changes = 0;
        var exceeded = new TaskCompletionSource<KubernetesApiException>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var server = new ScriptedServer(Enumerable.Repeat<ScriptedServer.Answer>((request, _) => Task.FromResult(Respond(request)), 100_000));
        using var stop = new CancellationTokenSource();
        Informer? informer = null;
        informer = new Informer(
            Api(server, time),
            Kinds.Secret,
            WatchScope.Everything,
            new InformerOptions { FailureGrace = TimeSpan.Zero },
            _ => changes++,
            () =>
            {
                // On a busy machine, a request may time out before.
                if (informer!.State.Failure is { Reason: ApiErrors.LimitExceeded } failure)
                {
                    exceeded.TrySetResult(failure);
                }
            },
            time,
            new Random(1),
            NullLogger.Instance);
        var running = informer.RunAsync(stop.Token);

        var error = await exceeded.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await stop.CancelAsync();
        await running;

        Assert.That((error.Reason, error.Message), Is.EqualTo(
            ("LimitExceeded", "watch secrets on the control plane: the server sends more than 8388608 bytes per minute (limit bytes_per_minute)")));
        Assert.That(error.RetryAfter, Is.GreaterThan(TimeSpan.FromSeconds(10)));
        Assert.That(watches, Is.InRange(2, 10));
        Assert.That(changes, Is.LessThanOrEqualTo(Limits.BytesPerMinute!.Value / TrafficBudget.LeastBytes));

        HttpResponseMessage Respond(HttpRequestMessage request)
        {
            if (!request.RequestUri!.Query.Contains("watch=true", StringComparison.Ordinal))
            {
                return Ok(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(List + Item.TrimEnd(',') + "]}")));
            }

            // Each watch sends a thousand events and ends.
            var events = string.Concat(Enumerable.Repeat(Event + "\n", 1000));
            watches++;
            return Ok(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(events)));
        }
    }

    [Test]
    public async Task A_limit_that_is_exceeded_is_counted_and_not_retried()
    {
        await using var page = await MetricsPage.StartAsync();
        using var server = Server(new EndlessStream(List, Item));
        var api = new KubernetesApi(
            "control plane", server, ClientOptions.ControlPlane with { Limits = Limits }, new FakeTimeProvider(), page.Metrics.Requests);

        await Assert.ThrowsAsync<KubernetesApiException>(() => api.ListAsync(Kinds.Secret, new ListRequest(), default));

        Assert.That(server.Requests.Select(request => request[..3]), Is.EqualTo(NoRetry));
        Assert.That(await page.ValueAsync("service_provider_ocm_limit_exceeded_total{limit=\"answer_bytes\"}"), Is.EqualTo(1));
    }

    private static async Task<KubernetesApiException> ErrorAsync(
        Stream stream, Func<KubernetesApi, Task> call, HttpStatusCode code = HttpStatusCode.OK, TimeProvider? time = null)
    {
        using var server = Server(stream, code);
        return (await Assert.ThrowsAsync<KubernetesApiException>(() => call(Api(server, time ?? new FakeTimeProvider()))))!;
    }

    private static ScriptedServer Server(Stream stream, HttpStatusCode code = HttpStatusCode.OK) =>
        new((_, _) => Task.FromResult(new HttpResponseMessage(code) { Content = new StreamContent(stream) }));

    private static HttpResponseMessage Ok(Stream stream) => new(HttpStatusCode.OK) { Content = new StreamContent(stream) };

    private static KubernetesApi Api(ScriptedServer server, TimeProvider time) => new(
        "control plane", server, ClientOptions.ControlPlane with { Limits = Limits }, time, TestMetrics.Create().Requests);
}
