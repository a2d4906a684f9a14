using System.Diagnostics;
using System.Net;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Kubernetes.Client;
using ServiceProviderOcm.Tests.Support.Http;
using ServiceProviderOcm.Tests.Support.Metrics;
using ServiceProviderOcm.Worker.Telemetry;

namespace ServiceProviderOcm.Tests.Hostile;

/// <summary>A control plane answers with what it was sent, or with anything else. Errors have nothing of it.</summary>
[NonParallelizable]
public sealed class ControlPlaneErrorTests
{
    private static readonly ObjectKey Key = new("ocm-system", "pull");

    private static readonly ScriptedServer.Answer[] Echoes =
    [
        Status(422, HostileText.Text),
        Status(403, "denied the request: " + HostileText.Text),
        Status(500, HostileText.Password),
        Status(409, HostileText.Password, HostileText.Marker),
        Status(400, HostileText.Text, HostileText.Text),
        Answers.Content(502, HostileText.Text, "text/html"),
        Answers.Content(200, HostileText.Text, "application/json"),
        Answers.Content(200, $$"""{ "{{HostileText.Marker}}": }""", "application/json"),
        Redirect,
        Answers.Failure(new HttpRequestException(HttpRequestError.InvalidResponse, HostileText.Text)),
        Answers.Failure(new HttpRequestException(HttpRequestError.SecureConnectionError, "TLS", new IOException($"CN={HostileText.Marker}"))),
        Answers.Failure(new IOException(HostileText.Text)),
    ];

    [TestCaseSource(nameof(Echoes))]
    public async Task An_answer_to_a_write_is_not_quoted(ScriptedServer.Answer answer)
    {
        using var server = new ScriptedServer(answer);
        var secret = KubeObject.Parse(
            $$"""{ "kind": "Secret", "metadata": { "namespace": "ocm-system", "name": "pull" }, "data": { "k": "{{HostileText.Base64(HostileText.Password)}}" } }""");

        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => Api(server).ApplyAsync(Kinds.Secret, secret, true, default));

        AssertOwnWords(error!, "patch secrets ocm-system/pull: ");
    }

    [TestCaseSource(nameof(Echoes))]
    public async Task An_answer_to_a_list_is_not_quoted(ScriptedServer.Answer answer)
    {
        using var server = new ScriptedServer(answer);

        var error = await Assert.ThrowsAsync<KubernetesApiException>(
            () => Api(server).ListAsync(Kinds.ConfigMap, new ListRequest("ocm-system"), default));

        AssertOwnWords(error!, "list configmaps in ocm-system: ");
    }

    [TestCaseSource(nameof(Echoes))]
    public async Task An_answer_to_discovery_is_not_quoted(ScriptedServer.Answer answer)
    {
        var kind = new ResourceKind("delivery.ocm.software", "v1alpha1", "Repository", "repositories");
        using var server = new ScriptedServer(Status(404, HostileText.Text), answer);

        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => Api(server).ListAsync(kind, new ListRequest(), default));

        AssertOwnWords(error!, "");
    }

    [TestCase("""{ "type": "ERROR", "object": { "kind": "Status", "code": 500, "reason": MARKED, "message": MARKED } }""")]
    [TestCase("""{ "type": MARKED, "object": { "message": MARKED } }""")]
    [TestCase("""{ "type": "ADDED", "object": MARKED }""")]
    [TestCase("MARKED")]
    [TestCase("")]
    public async Task An_event_of_a_watch_is_not_quoted(string line)
    {
        using var server = new ScriptedServer(
            Answers.Content(200, line.Replace("MARKED", HostileText.Quoted(HostileText.Text), StringComparison.Ordinal) + "\n", "application/json"));

        var error = await Assert.ThrowsAsync<KubernetesApiException>(async () =>
        {
            await foreach (var _ in Api(server).WatchAsync(
                Kinds.Secret, new WatchRequest("1", "ocm-system", null, null, TimeSpan.FromMinutes(1)), default))
            {
            }
        });

        AssertOwnWords(error!, "watch secrets: ");
    }

    [TestCase("registry-said garbage\r\n\r\n")]
    [TestCase("HTTP/1.1 200 registry-said\r\nregistry-said\r\n\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\nregistry said registry-said: x\r\n\r\n")]
    [TestCase("HTTP/1.1 registry-said OK\r\n\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: registry-said\r\n\r\n{")]
    public async Task What_is_not_HTTP_is_quoted_neither_in_errors_nor_in_spans(string answer)
    {
        List<string> spans = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                lock (spans)
                {
                    spans.Add(string.Join(' ', activity.TagObjects.Select(tag => $"{tag.Key}={tag.Value}")
                        .Concat(activity.Events.SelectMany(@event => @event.Tags).Select(tag => $"{tag.Key}={tag.Value}"))
                        .Append(activity.StatusDescription)));
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var recording = new SpanExceptions("System.Net.Http");
        using var server = new LoopbackServer(answer);

        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => Api(server).GetAsync(Kinds.Secret, Key, default));

        AssertOwnWords(error!, "get secrets ocm-system/pull: ");
        Assert.That(spans, Is.Not.Empty.And.None.Contains(HostileText.Marker));
    }

    [TestCase("Timeout", "Timeout")]
    [TestCase("Forbidden", "Forbidden")]
    [TestCase("LimitExceeded", "ServiceUnavailable")]
    [TestCase("NotReached", "ServiceUnavailable")]
    [TestCase("anything", "ServiceUnavailable")]
    [TestCase("", "ServiceUnavailable")]
    public async Task Only_reasons_of_the_API_machinery_are_believed(string given, string reason)
    {
        using var server = new ScriptedServer(Status(503, "no", given));

        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => Api(server).GetAsync(Kinds.Secret, Key, default));

        Assert.That((error!.Code, error.Reason, error.Message), Is.EqualTo((503, reason, $"get secrets ocm-system/pull: HTTP 503 {reason}")));
    }

    [TestCase("3", null, 3)]
    [TestCase("99999999", null, 3600)]
    [TestCase("-5", null, null)]
    [TestCase("Fri, 31 Dec 9999 23:59:59 GMT", null, 3600)]
    [TestCase("Fri, 31 Dec 1999 23:59:59 GMT", null, null)]
    [TestCase("soon", null, null)]
    [TestCase(null, "9223372036854775807", 3600)]
    [TestCase(null, "-9223372036854775808", null)]
    [TestCase(null, "7", 7)]
    public async Task A_server_decides_only_within_limits_when_to_retry(string? header, string? field, int? seconds)
    {
        using var server = new ScriptedServer(Answers.Content(
            503,
            $$"""{ "kind": "Status", "code": 503, "details": { "retryAfterSeconds": {{field ?? "null"}} } }""",
            "application/json",
            header));

        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => Api(server).GetAsync(Kinds.Secret, Key, default));

        Assert.That(error!.RetryAfter?.TotalSeconds, Is.EqualTo((double?)seconds));
    }

    [Test]
    public async Task A_code_out_of_range_does_not_count()
    {
        using var server = new ScriptedServer(Answers.Content(403, """{ "kind": "Status", "code": 4294967700 }""", "application/json"));

        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => Api(server).GetAsync(Kinds.Secret, Key, default));

        Assert.That(error!.Code, Is.EqualTo(403));
    }

    [Test]
    public async Task The_platform_is_quoted_in_one_short_line()
    {
        using var server = new ScriptedServer(Status(422, HostileText.Marker + "\n\u001b[31m\u202e" + new string('x', 10_000)));
        var api = new KubernetesApi("platform cluster", server, ClientOptions.Default, TimeProvider.System, TestMetrics.Create().Requests);

        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => api.GetAsync(Kinds.ConfigMap, Key, default));

        Assert.That(error!.Message, Does.StartWith($"{HostileText.Marker} [31mxx"));
        HostileText.AssertHarmless(error.Message, maxBytes: 512);
    }

    private static Task<HttpResponseMessage> Redirect(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = new HttpResponseMessage(HttpStatusCode.Found) { Content = new StringContent(HostileText.Marker) };
        response.Headers.Location = new Uri($"https://{HostileText.Marker}.example/{HostileText.IdentityToken}");
        return Task.FromResult(response);
    }

    private static ScriptedServer.Answer Status(int code, string message, string reason = "Invalid") => Answers.Content(
        code,
        $$"""
        {
          "kind": "Status", "code": {{code}}, "reason": {{HostileText.Quoted(reason)}}, "message": {{HostileText.Quoted(message)}},
          "details": { "causes": [{ "field": {{HostileText.Quoted(message)}}, "message": {{HostileText.Quoted(message)}} }] }
        }
        """,
        "application/json");

    private static KubernetesApi Api(IConnectionSource server) =>
        new("control plane", server, ClientOptions.ControlPlane with { MaxRetries = 0 }, TimeProvider.System, TestMetrics.Create().Requests);

    private static void AssertOwnWords(KubernetesApiException error, string start)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(error.Message, Does.StartWith(start));
            Assert.That(error.ToString(), Does.Not.Contain(HostileText.Marker));
            Assert.That(error.Reason, Does.Not.Contain(HostileText.Marker).And.Length.LessThan(32));
            HostileText.AssertHarmless(error.Message, maxBytes: 256);
        }
    }
}
