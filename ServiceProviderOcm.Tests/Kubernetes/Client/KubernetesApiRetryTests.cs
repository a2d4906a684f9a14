using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Support.Http;
using ServiceProviderOcm.Tests.Support.Metrics;
using ServiceProviderOcm.Tests.Support.Time;

namespace ServiceProviderOcm.Tests.Kubernetes.Client;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class KubernetesApiRetryTests
{
    private static readonly ResourceKind ConfigMap = new("", "v1", "ConfigMap", "configmaps");
    private static readonly ObjectKey Key = new("n", "a");
    private static readonly KubeObject Manifest = KubeObject.Parse(Answers.SomeObject);

    private static readonly HttpRequestError[] BeforeAnythingWasSent =
    [
        HttpRequestError.NameResolutionError,
        HttpRequestError.ConnectionError,
        HttpRequestError.SecureConnectionError,
        HttpRequestError.ProxyTunnelError,
    ];

    private static readonly Exception[] Breaks =
    [
        new HttpRequestException(HttpRequestError.ResponseEnded, "ended"),
        new HttpRequestException(HttpRequestError.HttpProtocolError, "GOAWAY"),
        new HttpRequestException(HttpRequestError.Unknown, "unknown"),
        new IOException("reset"),
        new ObjectDisposedException("client"),
    ];

    private readonly HurriedTime _time = new(TimeSpan.FromSeconds(10));

    [TestCase(408)]
    [TestCase(429)]
    [TestCase(500)]
    [TestCase(502)]
    [TestCase(503)]
    [TestCase(504)]
    public async Task A_read_is_retried_after_a_transient_error(int code)
    {
        using var server = new ScriptedServer(Answers.Error(code), Answers.Error(code), Answers.Ok());

        var read = await Api(server).GetAsync(ConfigMap, Key, default);

        Assert.That((read.Key, server.Requests.Count), Is.EqualTo((Key, 3)));
    }

    [Test]
    public async Task A_request_that_timed_out_is_not_retried()
    {
        using var server = new ScriptedServer(Answers.Failure(new TaskCanceledException("connect timeout")), Answers.Ok());

        var failure = await Assert.ThrowsAsync<KubernetesApiException>(() => Api(server).GetAsync(ConfigMap, Key, default));

        Assert.That((failure!.IsTransient, server.Requests.Count), Is.EqualTo((true, 1)));
    }

    [TestCase(400)]
    [TestCase(401)]
    [TestCase(403)]
    [TestCase(404)]
    [TestCase(409)]
    [TestCase(410)]
    [TestCase(422)]
    public async Task A_permanent_error_is_not_retried(int code)
    {
        using var server = new ScriptedServer(Answers.Error(code));

        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => Api(server).GetAsync(ConfigMap, Key, default));

        Assert.That((error!.Code, error.IsTransient, server.Requests.Count), Is.EqualTo((code, false, 1)));
    }

    [TestCaseSource(nameof(Breaks))]
    public async Task A_read_is_retried_after_a_connection_error(Exception broken)
    {
        using var server = new ScriptedServer(Answers.Failure(broken), Answers.Ok());

        Assert.That((await Api(server).GetAsync(ConfigMap, Key, default)).Key, Is.EqualTo(Key));
    }

    [Test]
    public async Task A_read_is_retried_when_its_answer_breaks_off()
    {
        using var server = new ScriptedServer(Answers.BrokenContent(200), Answers.Ok());

        Assert.That((await Api(server).GetAsync(ConfigMap, Key, default)).Key, Is.EqualTo(Key));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(4)]
    public async Task The_number_of_retries_is_limited(int most)
    {
        using var server = new ScriptedServer(Enumerable.Repeat(Answers.Error(503), 9));
        var api = Api(server, ClientOptions.Default with { MaxRetries = most });

        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => api.GetAsync(ConfigMap, Key, default));

        Assert.That((error!.Code, server.Requests.Count), Is.EqualTo((503, most + 1)));
    }

    [Test]
    public async Task Delays_between_retries_grow()
    {
        const int Samples = 50;
        using var server = new ScriptedServer(
            Enumerable.Repeat(Enumerable.Repeat(Answers.Error(503), 4).Append(Answers.Ok()), Samples).SelectMany(answers => answers));
        var delay = TimeSpan.FromMilliseconds(100);
        var api = Api(server, ClientOptions.Default with { MaxRetries = 4, RetryDelay = delay });

        for (var sample = 0; sample < Samples; sample++)
        {
            await api.GetAsync(ConfigMap, Key, default);
        }

        var pauses = _time.Pauses.Chunk(4).ToList();
        Assert.That(pauses, Has.Count.EqualTo(Samples));
        Assert.That(Average(3), Is.InRange(Average(0) * 4, delay * 40), "each pause twice the one before, with jitter");

        TimeSpan Average(int which) => TimeSpan.FromTicks((long)pauses.Average(series => series[which].Ticks));
    }

    [TestCase(429)]
    [TestCase(503)]
    public async Task The_delay_is_the_Retry_After_of_the_server(int code)
    {
        using var server = new ScriptedServer(Answers.Error(code, retryAfter: "2"), Answers.Ok());

        await Api(server).GetAsync(ConfigMap, Key, default);

        Assert.That(_time.Pauses, Is.EqualTo(new[] { TimeSpan.FromSeconds(2) }));
    }

    [Test]
    public async Task The_delay_may_be_in_the_Status()
    {
        const string Status = """{"kind":"Status","code":429,"reason":"TooManyRequests","details":{"retryAfterSeconds":1}}""";
        using var server = new ScriptedServer(Answers.Content(429, Status, "application/json"), Answers.Ok());

        await Api(server).GetAsync(ConfigMap, Key, default);

        Assert.That(_time.Pauses, Is.EqualTo(new[] { TimeSpan.FromSeconds(1) }));
    }

    [Test]
    public async Task A_longer_Retry_After_is_left_to_the_caller()
    {
        using var server = new ScriptedServer(Answers.Error(429, retryAfter: "3"));

        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => Api(server).GetAsync(ConfigMap, Key, default));

        Assert.That((error!.RetryAfter, server.Requests.Count), Is.EqualTo((TimeSpan.FromSeconds(3), 1)));
    }

    [Test]
    public async Task Idempotent_writes_are_retried_with_the_same_body()
    {
        using var server = new ScriptedServer(
            Answers.Error(500), Answers.Ok(), Answers.Error(500), Answers.Ok(), Answers.Error(500), Answers.Ok());
        var api = Api(server);

        await api.ApplyAsync(ConfigMap, Manifest, isForced: true, default);
        await api.MergePatchAsync(ConfigMap, Key, Manifest.Json, "status", default);
        await api.DeleteAsync(ConfigMap, Key, new DeleteRequest("u"), default);

        Assert.That(server.Requests.Where((_, index) => index % 2 == 1), Is.EqualTo(server.Requests.Where((_, index) => index % 2 == 0)));
        Assert.That(server.Requests.Where((_, index) => index % 2 == 0), Is.EqualTo(new[]
        {
            $"PATCH /api/v1/namespaces/n/configmaps/a?fieldManager=service-provider-ocm&force=true {Answers.SomeObject}",
            $"PATCH /api/v1/namespaces/n/configmaps/a/status?fieldManager=service-provider-ocm {Answers.SomeObject}",
            """DELETE /api/v1/namespaces/n/configmaps/a {"propagationPolicy":"Background","preconditions":{"uid":"u"}}""",
        }));
    }

    [TestCase(408)]
    [TestCase(500)]
    [TestCase(503)]
    [TestCase(504)]
    public async Task A_creation_is_not_retried_after_an_error(int code)
    {
        using var server = new ScriptedServer(Answers.Error(code));

        await Assert.ThrowsAsync<KubernetesApiException>(() => Api(server).CreateAsync(ConfigMap, Manifest, default));

        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [TestCaseSource(nameof(Breaks))]
    public async Task A_creation_is_not_retried_when_it_may_have_succeeded(Exception broken)
    {
        using var server = new ScriptedServer(Answers.Failure(broken));

        var failure = await Assert.ThrowsAsync<KubernetesApiException>(() => Api(server).CreateAsync(ConfigMap, Manifest, default));

        Assert.That((failure!.Code, failure.IsTransient, server.Requests.Count), Is.EqualTo((0, true, 1)));
    }

    [Test]
    public async Task A_creation_is_not_retried_when_its_answer_breaks_off()
    {
        using var server = new ScriptedServer(Answers.BrokenContent(201));

        await Assert.ThrowsAsync<KubernetesApiException>(() => Api(server).CreateAsync(ConfigMap, Manifest, default));

        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [TestCaseSource(nameof(BeforeAnythingWasSent))]
    public async Task A_creation_is_retried_when_the_server_was_not_reached(HttpRequestError error)
    {
        using var server = new ScriptedServer(Answers.Failure(new HttpRequestException(error, "no")), Answers.Ok());

        Assert.That((await Api(server).CreateAsync(ConfigMap, Manifest, default)).Key, Is.EqualTo(Key));
    }

    [Test]
    public async Task A_creation_is_retried_when_the_server_is_overloaded()
    {
        using var server = new ScriptedServer(Answers.Error(429, retryAfter: "1"), Answers.Ok());

        Assert.That((await Api(server).CreateAsync(ConfigMap, Manifest, default)).Key, Is.EqualTo(Key));
    }

    [Test]
    public async Task A_request_without_an_answer_fails_after_its_timeout()
    {
        var arrived = new TaskCompletionSource();
        using var server = new ScriptedServer(Answers.Silence(arrived.SetResult));
        var api = Api(server, ClientOptions.Default with { MaxRetries = 0, RequestTimeout = TimeSpan.FromSeconds(30) });

        var request = api.GetAsync(ConfigMap, Key, default);
        await arrived.Task;
        _time.Advance(TimeSpan.FromSeconds(30));

        var failure = await Assert.ThrowsAsync<KubernetesApiException>(() => request);
        Assert.That((failure!.Code, failure.IsTransient, failure.Message), Is.EqualTo((0, true, "no answer in time")));
    }

    [Test]
    public async Task A_caller_may_cancel_a_request()
    {
        using var caller = new CancellationTokenSource();
        using var server = new ScriptedServer(Answers.Silence(caller.Cancel));

        await Assert.ThatAsync(() => Api(server).GetAsync(ConfigMap, Key, caller.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Without_a_kubeconfig_the_server_is_not_reached()
    {
        var api = new KubernetesApi("here", new NoConnection(), ClientOptions.Default, _time, TestMetrics.Create().Requests);

        foreach (var request in (Func<Task>[])
            [
                () => api.GetAsync(ConfigMap, Key, default),
                () => api.CreateAsync(ConfigMap, Manifest, default),
                async () => await api.WatchAsync(ConfigMap, new WatchRequest("1", null, null, null, TimeSpan.FromMinutes(1)), default).FirstAsync(),
            ])
        {
            var failure = await Assert.ThrowsAsync<KubernetesApiException>(() => request());
            Assert.That((failure!.Code, failure.IsTransient, failure.Message), Is.EqualTo((0, true, "there is none")));
        }
    }

    private KubernetesApi Api(ScriptedServer server, KubernetesApiOptions? options = null) =>
        new("here", server, options ?? ClientOptions.Default, _time, TestMetrics.Create().Requests);

    private sealed class NoConnection : IConnectionSource
    {
        public ValueTask<ClusterConnection> GetAsync(CancellationToken cancellationToken) => throw new KubeconfigException("there is none");
    }
}
