using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Support.Http;
using ServiceProviderOcm.Tests.Support.Metrics;

namespace ServiceProviderOcm.Tests.Kubernetes.Client;

public sealed class KubernetesApiErrorTests
{
    private static readonly ResourceKind ConfigMap = new("", "v1", "ConfigMap", "configmaps");
    private static readonly ObjectKey Key = new("n", "a");

    [Test]
    public async Task The_content_of_a_Status_becomes_an_exception()
    {
        var error = await ErrorAsync(Answers.Content(
            403, """{"kind":"Status","code":403,"reason":"Forbidden","message":"you may not"}""", "application/json"));

        Assert.That((error.Code, error.Reason, error.Message), Is.EqualTo((403, "Forbidden", "you may not")));
    }

    [TestCase("<html>no</html>", "text/html")]
    [TestCase("404 page not found\n", "text/plain")]
    [TestCase("", "application/json")]
    [TestCase("[]", "application/json")]
    [TestCase("\"no\"", "application/json")]
    [TestCase("null", "application/json")]
    [TestCase("{}", "application/json")]
    [TestCase("""{"kind":"Status","code":0,"reason":"","message":""}""", "application/json")]
    [TestCase("""{"kind":"Status","code":"404"}""", "application/json")]
    [TestCase("""{"kind":"Status","cod""", "application/json")]
    public async Task The_code_of_an_answer_without_a_Status_counts(string body, string mediaType)
    {
        var error = await ErrorAsync(Answers.Content(404, body, mediaType));

        Assert.That((error.Code, error.Reason, error.Message), Is.EqualTo((404, "NotFound", "HTTP 404 NotFound")));
    }

    [TestCase("3", null, 3)]
    [TestCase("2147483647", null, 3600)]
    [TestCase("Thu, 01 Jan 2026 00:01:00 GMT", "Thu, 01 Jan 2026 00:00:00 GMT", 60)]
    [TestCase("Fri, 01 Jan 2100 00:00:00 GMT", "Thu, 01 Jan 2026 00:00:00 GMT", 3600)]
    [TestCase("Wed, 31 Dec 2025 00:00:00 GMT", "Thu, 01 Jan 2026 00:00:00 GMT", null)]
    [TestCase("Thu, 01 Jan 2026 00:02:00 GMT", null, 90, TestName = "{m}(by the clock of the client)")]
    [TestCase("Fri, 01 Jan 2100 00:00:00 GMT", null, 3600, TestName = "{m}(by the clock of the client, far away)")]
    [TestCase("Thu, 01 Jan 2026 00:00:00 GMT", null, null, TestName = "{m}(by the clock of the client, in the past)")]
    [TestCase("soon", null, null)]
    public async Task Retry_After_is_read_as_seconds_or_as_a_date(string retryAfter, string? date, int? seconds)
    {
        using var response = new HttpResponseMessage(System.Net.HttpStatusCode.TooManyRequests) { Content = new StringContent("{}") };
        response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        if (date is not null)
        {
            response.Headers.TryAddWithoutValidation("Date", date);
        }

        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 30, TimeSpan.Zero));
        var error = await new ApiErrors(quotesServer: true, time).FromResponseAsync(new ApiRequest(HttpMethod.Get, ConfigMap, ""), response, share: null, default);

        Assert.That(error.RetryAfter?.TotalSeconds, Is.EqualTo(seconds));
    }

    [TestCase("1", 1)]
    [TestCase("9223372036854775807", 3600)]
    [TestCase("0", null)]
    [TestCase("-1", null)]
    [TestCase("1e400", null)]
    public async Task Seconds_in_a_Status_are_limited(string given, int? seconds)
    {
        var error = await ErrorAsync(Answers.Content(
            403, """{"kind":"Status","code":403,"details":{"retryAfterSeconds":""" + given + "}}", "application/json"));

        Assert.That(error.RetryAfter?.TotalSeconds, Is.EqualTo(seconds));
    }

    [Test]
    public async Task Lone_surrogates_in_an_answer_become_replacement_characters()
    {
        var error = await ErrorAsync(Answers.Content(
            403, """{"kind":"Status","code":403,"message":"a\ud800b\ud83d\ude00\\ud800","a\udc00":1}""", "application/json"));

        Assert.That(error.Message, Is.EqualTo("a\ufffdb😀\\ud800"));
    }

    [Test]
    public async Task A_list_that_expires_on_its_second_page_is_started_again()
    {
        const string First = """{"metadata":{"resourceVersion":"5","continue":"c"},"items":[{"metadata":{"name":"a","namespace":"n"}}]}""";
        const string Last = """{"metadata":{"resourceVersion":"6"},"items":[{"metadata":{"name":"b","namespace":"n"}},{"metadata":{"name":"c","namespace":"n"}}]}""";
        using var server = new ScriptedServer(Answers.Ok(First), Answers.Error(410), Answers.Ok(Last));
        var api = new KubernetesApi("here", server, ClientOptions.Default, TimeProvider.System, TestMetrics.Create().Requests);

        var all = await api.ListAllAsync(ConfigMap, new WatchScope("n"), default);

        Assert.That(all.Objects.Select(item => item.Name), Is.EqualTo(["b", "c"]));
    }

    [Test]
    public async Task A_list_that_expires_each_time_is_an_error()
    {
        const string First = """{"metadata":{"resourceVersion":"5","continue":"c"},"items":[]}""";
        using var server = new ScriptedServer(Enumerable.Repeat((ScriptedServer.Answer[])[Answers.Ok(First), Answers.Error(410)], 9).SelectMany(each => each));
        var api = new KubernetesApi("here", server, ClientOptions.Default, TimeProvider.System, TestMetrics.Create().Requests);

        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => api.ListAllAsync(ConfigMap, new WatchScope("n"), default));

        Assert.That((error!.Code, server.Requests.Count), Is.EqualTo((410, 8)));
    }

    [Test]
    public async Task An_unreadable_error_answer_is_still_an_error()
    {
        var error = await ErrorAsync(Answers.BrokenContent(403));

        Assert.That((error.Code, error.IsTransient), Is.EqualTo((403, false)));
    }

    [TestCase("<html>Log in, please</html>")]
    [TestCase("")]
    [TestCase("{")]
    public async Task An_answer_that_is_not_JSON_is_a_transient_error(string body)
    {
        var error = await ErrorAsync(Answers.Ok(body));

        Assert.That((error.Code, error.IsTransient), Is.EqualTo((0, true)));
    }

    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("""{"items":[]}""")]
    [TestCase("""{"items":[],"metadata":{"resourceVersion":""}}""")]
    public async Task An_answer_that_is_not_a_list_is_not_read_as_an_empty_one(string body)
    {
        using var server = new ScriptedServer(Answers.Ok(body));

        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => Api(server).ListAsync(ConfigMap, new ListRequest(), default));

        Assert.That(error!.IsTransient);
    }

    [TestCase(400, "Secret in version \"v1\" cannot be handled: illegal base64 data: hidden")]
    [TestCase(422, "data[x]: Invalid value: \"hidden\"")]
    [TestCase(500, "failed to create typed patch object: .data.x: hidden")]
    [TestCase(403, "admission webhook \"guard\" denied the request: hidden is too short")]
    [TestCase(400, "admission webhook \"guard\" denied the request: hidden is too short")]
    public async Task Messages_about_a_rejected_Secret_are_not_passed_on(int code, string message)
    {
        using var server = new ScriptedServer(Answers.Content(
            code,
            $$"""{"kind":"Status","code":{{code}},"reason":"Why","message":{{System.Text.Json.JsonSerializer.Serialize(message)}}}""",
            "application/json"));

        var error = await Assert.ThrowsAsync<KubernetesApiException>(
            () => Api(server).ApplyAsync(Kinds.Secret, KubeObject.Parse(Answers.SomeObject), isForced: true, default));

        Assert.That(error!.Code, Is.EqualTo(code));
        Assert.That(error.ToString(), Does.Not.Contain("hidden"));
    }

    [Test]
    public async Task A_missing_permission_to_a_Secret_is_named()
    {
        const string Message = "secrets \\\"a\\\" is forbidden: User \\\"x\\\" cannot get resource";
        using var server = new ScriptedServer(Answers.Content(
            403, $$"""{"kind":"Status","code":403,"reason":"Forbidden","message":"{{Message}}"}""", "application/json"));

        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => Api(server).GetAsync(Kinds.Secret, Key, default));

        Assert.That(error!.Message, Does.EndWith("cannot get resource"));
    }

    private static async Task<KubernetesApiException> ErrorAsync(ScriptedServer.Answer answer)
    {
        using var server = new ScriptedServer(answer);
        return (await Assert.ThrowsAsync<KubernetesApiException>(() => Api(server).GetAsync(ConfigMap, Key, default)))!;
    }

    private static KubernetesApi Api(ScriptedServer server) =>
        new("here", server, ClientOptions.Default with { MaxRetries = 0 }, TimeProvider.System, TestMetrics.Create().Requests);
}
