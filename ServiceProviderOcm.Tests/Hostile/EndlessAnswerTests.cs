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

    private static readonly ReadLimits Limits = new() { AnswerBytes = 3 << 20, ObjectBytes = 1 << 20, BytesPerMinute = 8 << 20, FlagPrefix = "--cp-max-" };
    private static readonly WatchRequest Watch = new("1", null, null, null, TimeSpan.FromMinutes(5));
    private static readonly string[] NoRetry = ["GET"];

    [Test]
    public async Task An_endless_list_ends_at_the_limit_of_an_answer()
    {
        var stream = new EndlessStream(List, Item);

        var error = await ErrorAsync(stream, api => api.ListAsync(Kinds.Secret, new ListRequest(), default));

        Assert.That(error.Reason, Is.EqualTo("LimitExceeded"));
        Assert.That(error.Message, Does.Match(
            "^list secrets on the control plane: the answer has at least 31[0-9]{5} bytes, and the limit is 3145728 [(]--cp-max-answer-bytes[)]$"));
        Assert.That(stream.Served, Is.InRange(Limits.AnswerBytes, Limits.AnswerBytes + Slack));
    }

    [TestCase("""{"metadata":{"namespace":"n","name":"a","labels":{"x":"y""", "z")]
    [TestCase("""{"metadata":{"name":"a","namespace":"n"},"x":""", "[")]
    [TestCase("""{"metadata":{"name":"a","namespace":"n"},"x":[""", "1,")]
    public async Task An_endless_object_of_a_list_ends_at_the_limit_of_an_object(string start, string rest)
    {
        var stream = new EndlessStream(List + start, rest);

        var error = await ErrorAsync(stream, api => api.ListAsync(Kinds.Secret, new ListRequest(), default));

        Assert.That(error.Reason, Is.EqualTo("LimitExceeded"));
        Assert.That(error.Message, Does.Match(
            "^list secrets on the control plane: Secret n/a has at least 1[0-9]{6} bytes, and the limit is 1048576 [(]--cp-max-object-bytes[)]$"));
        Assert.That(stream.Served, Is.LessThan(Limits.ObjectBytes + (2L << 20)));
    }

    [TestCase("1,")]
    [TestCase("{},")]
    [TestCase("""{"metadata":{"name":"a"}},""")]
    public async Task An_endless_list_of_small_items_ends_at_the_limit_of_objects(string item)
    {
        var stream = new EndlessStream(List, item);

        var error = await ErrorAsync(
            stream, api => api.ListAsync(Kinds.Secret, new ListRequest(), default), limits: Limits with { Objects = 100 });

        Assert.That(error.Message, Is.EqualTo(
            "list secrets on the control plane: there are at least 101 objects, and the limit is 100 (--cp-max-objects)"));
        Assert.That(stream.Served, Is.LessThan(Slack));
    }

    [Test]
    public async Task A_list_whose_objects_take_much_more_memory_than_text_ends_at_the_limit_of_memory()
    {
        var numbers = string.Concat(Enumerable.Repeat("1,", 50_000));
        var stream = new EndlessStream(List, $$"""{"metadata":{"name":"a","namespace":"n"},"data":[{{numbers}}1]},""");

        var error = await ErrorAsync(
            stream, api => api.ListAsync(Kinds.Secret, new ListRequest(), default), limits: Limits with { StoreBytes = 2 << 20 });

        Assert.That(error.Message, Does.Match(
            "^list secrets on the control plane: the objects take at least 2[0-9]{6} bytes of memory, and the limit is 2097152 [(]--cp-max-store-bytes[)]$"));
        Assert.That(stream.Served, Is.LessThan(500_000));
    }

    [Test]
    public async Task An_endless_object_ends_at_the_limit_of_an_object()
    {
        var stream = new EndlessStream("{", "\"x\":[[[[[[[[[[[[]]]]]]]]]]]],");

        var error = await ErrorAsync(stream, api => api.GetAsync(Kinds.Secret, new ObjectKey("n", "a"), default));

        Assert.That(error.Message, Does.Match(
            "^get secrets n/a on the control plane: the answer has at least 1[0-9]{6} bytes, and the limit is 1048576 [(]--cp-max-object-bytes[)]$"));
        Assert.That(stream.Served, Is.LessThan((2L * Limits.ObjectBytes) + Slack));
    }

    [TestCase("""{"metadata":{"name":"a","namespace":"n"},"data":{"k":""}}""", """{"metadata":{"name":"a","namespace":"n"},"data":{KEYS}}""", 5006)]
    [TestCase("""{"metadata":{"name":"a","namespace":"n"},"data":{"k":""}}""", """{"metadata":{"name":"a","namespace":"n"},"data":{"k":[KEYS]}}""", 5007)]
    public async Task An_object_with_very_many_fields_ends_a_list_a_watch_and_a_request(string small, string large, int fields)
    {
        var limits = ClientOptions.ControlPlane.Limits;
        large = large.Replace("KEYS", string.Join(',', Enumerable.Range(0, 5000).Select(number => large.Contains('[') ? "1" : $"\"{number}\":\"\"")));
        var expected = $"ConfigMap n/a has {fields} fields and list items, and the limit is 1000 (limit object_fields)";

        Assert.That(await MessageAsync(large, api => api.GetAsync(Kinds.ConfigMap, new ObjectKey("n", "a"), default)), Does.EndWith(expected));
        Assert.That(
            await MessageAsync(List + large + "]}", api => api.ListAsync(Kinds.ConfigMap, new ListRequest(), default)), Does.EndWith(expected));
        Assert.That(await MessageAsync(Line(large), ReadEventAsync), Is.EqualTo($"watch configmaps on the control plane: {expected}"));
        Assert.That(await MessageAsync(Line(small), ReadEventAsync), Is.Null);

        async Task<string?> MessageAsync(string content, Func<KubernetesApi, Task> call)
        {
            using var server = Server(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content)));
            try
            {
                await call(Api(server, new FakeTimeProvider(), limits));
                return null;
            }
            catch (KubernetesApiException exception) when (exception.IsOverLimit)
            {
                return exception.Message;
            }
        }

        static async Task ReadEventAsync(KubernetesApi api) => await api.WatchAsync(Kinds.ConfigMap, Watch, default).FirstAsync();

        static string Line(string item) => $$"""{"type":"ADDED","object":{{item}}}""" + "\n";
    }

    [Test]
    public async Task An_endless_line_of_a_watch_ends_at_the_limit_of_an_object()
    {
        var stream = new EndlessStream(Event[..^3], "x");

        var error = await ErrorAsync(stream, async api => await api.WatchAsync(Kinds.Secret, Watch, default).FirstAsync());

        Assert.That(error.Reason, Is.EqualTo("LimitExceeded"));
        Assert.That(error.Message, Does.Match(
            "^watch secrets on the control plane: Secret n/a has at least 1[0-9]{6} bytes, and the limit is 1048576 [(]--cp-max-object-bytes[)]$"));
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
                if (informer!.State.Failure is { IsOverLimit: true } failure)
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

        Assert.That((error.Reason, error.Message), Is.EqualTo((
            "LimitExceeded",
            "watch secrets on the control plane: the server sent within a minute 8392704 bytes, and the limit is 8388608 (--cp-max-bytes-per-minute)")));
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
        using var metrics = new MetricsReader();
        using var server = Server(new EndlessStream(List, Item));
        var api = new KubernetesApi(
            "control plane", server, ClientOptions.ControlPlane with { Limits = Limits }, new FakeTimeProvider(), metrics.Metrics.Requests);

        await Assert.ThrowsAsync<KubernetesApiException>(() => api.ListAsync(Kinds.Secret, new ListRequest(), default));

        Assert.That(server.Requests.Select(request => request[..3]), Is.EqualTo(NoRetry));
        Assert.That(metrics.Read("service_provider_ocm_limit_exceeded_total"), Does.ContainKey("answer_bytes").WithValue(1));
    }

    private static async Task<KubernetesApiException> ErrorAsync(
        Stream stream,
        Func<KubernetesApi, Task> call,
        HttpStatusCode code = HttpStatusCode.OK,
        TimeProvider? time = null,
        ReadLimits? limits = null)
    {
        using var server = Server(stream, code);
        return (await Assert.ThrowsAsync<KubernetesApiException>(() => call(Api(server, time ?? new FakeTimeProvider(), limits))))!;
    }

    private static ScriptedServer Server(Stream stream, HttpStatusCode code = HttpStatusCode.OK) =>
        new((_, _) => Task.FromResult(new HttpResponseMessage(code) { Content = new StreamContent(stream) }));

    private static HttpResponseMessage Ok(Stream stream) => new(HttpStatusCode.OK) { Content = new StreamContent(stream) };

    private static KubernetesApi Api(ScriptedServer server, TimeProvider time, ReadLimits? limits = null) => new(
        "control plane", server, ClientOptions.ControlPlane with { Limits = limits ?? Limits }, time, TestMetrics.Create().Requests);
}
