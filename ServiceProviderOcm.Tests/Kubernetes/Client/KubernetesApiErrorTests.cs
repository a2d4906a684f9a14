using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
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
