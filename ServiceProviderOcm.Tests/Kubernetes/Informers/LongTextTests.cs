using System.Net;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Support.Http;
using ServiceProviderOcm.Tests.Support.Metrics;

namespace ServiceProviderOcm.Tests.Kubernetes.Informers;

/// <summary>A control plane that sends long texts which are not parts of objects.</summary>
public sealed class LongTextTests
{
    private static readonly string LongVersion = new string('0', 128) + "8";
    private static readonly string Bookmark = Event("BOOKMARK", LongVersion);

    [Test]
    public async Task An_informer_lists_again_when_it_is_sent_a_version_that_no_API_server_has()
    {
        var isBack = new TaskCompletionSource();
        using var server = new ScriptedServer(Ok(Page("7")), Ok(Bookmark), Ok(Bookmark), Ok(Page("9")), (_, _) =>
        {
            isBack.SetResult();
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new SilentStream()) });
        });

        await using var run = new InformerRun(Api(server));
        await isBack.Task.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.That(server.Requests.Select(request => request.Split("&timeout")[0]), Is.EqualTo((string[])
        [
            "GET /api/v1/configmaps?limit=500",
            "GET /api/v1/configmaps?watch=true&allowWatchBookmarks=true&resourceVersion=7",
            "GET /api/v1/configmaps?watch=true&allowWatchBookmarks=true&resourceVersion=7",
            "GET /api/v1/configmaps?limit=500",
            "GET /api/v1/configmaps?watch=true&allowWatchBookmarks=true&resourceVersion=9",
        ]));
    }

    [TestCase(128, 4096, true)]
    [TestCase(129, 0, false)]
    [TestCase(1, 4097, false)]
    public async Task The_version_of_a_list_and_where_it_continues_have_a_limit(int version, int next, bool isFine)
    {
        using var server = new ScriptedServer(Ok(Page(new string('1', version), new string('x', next))));

        var list = Api(server).ListAsync(Kinds.ConfigMap, new ListRequest(), default);

        Assert.That(
            await list.ContinueWith(ended => ended.Exception?.InnerException?.Message, TaskScheduler.Default),
            Is.EqualTo(isFine ? null : "list configmaps: the response is not valid JSON of an API server"));
    }

    [Test]
    public async Task The_version_of_an_object_in_a_watch_has_a_limit()
    {
        using var server = new ScriptedServer(Ok(Event("ADDED", LongVersion)));
        var watch = new WatchRequest("1", null, null, null, TimeSpan.FromMinutes(5));

        var added = await Api(server).WatchAsync(Kinds.ConfigMap, watch, default).FirstAsync();

        Assert.That((added.Unreadable?.Error, added.Subject.Name, added.Subject.ResourceVersion), Is.EqualTo(
            ("metadata.resourceVersion is longer than 128 bytes", "a", "")));
    }

    private static string Page(string version, string next = "") =>
        $$"""{"metadata":{"resourceVersion":"{{version}}","continue":"{{next}}"},"items":[]}""";

    private static string Event(string type, string version) =>
        $$"""{"type":"{{type}}","object":{"metadata":{"name":"a","resourceVersion":"{{version}}"} } }""" + "\n";

    private static ScriptedServer.Answer Ok(string content) =>
        (_, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(content) });

    private static KubernetesApi Api(ScriptedServer server) => new(
        "control plane", server, ClientOptions.ControlPlane with { MaxRetries = 0 }, new FakeTimeProvider(), TestMetrics.Create().Requests);
}
