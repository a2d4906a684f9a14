using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Moq;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Files;
using ServiceProviderOcm.Tests.Support.Logs;
using ServiceProviderOcm.Tests.Support.Metrics;
using ServiceProviderOcm.Tests.Worlds;
using ServiceProviderOcm.Worker.Endpoints;
using ServiceProviderOcm.Worker.Settings;

namespace ServiceProviderOcm.Tests.Endpoints;

/// <summary>A real API server decides who may read the metrics.</summary>
[Category("RealServer")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class MetricsAccessTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly HttpClient _http = MetricsClient.Create();
    private TestCluster _platform = null!;
    private RunningEndpoints _endpoints = null!;

    [SetUp]
    public async Task Start()
    {
        _platform = (await TestClusters.GetAsync()).Platform;
        await GrantAsync("metrics-reader", TestUsers.Metrics, Rule("nonResourceURLs", "/metrics", "get"));
        await GrantAsync(
            "metrics-reviews",
            TestUsers.Provider,
            Rule("resources", "tokenreviews", "create", "authentication.k8s.io"),
            Rule("resources", "subjectaccessreviews", "create", "authorization.k8s.io"));
        _endpoints = await RunningEndpoints.StartAsync(Options(TestUsers.Provider), _time);
    }

    [TearDown]
    public async Task Stop()
    {
        if (_endpoints is not null)
        {
            await _endpoints.DisposeAsync();
        }
    }

    [Test]
    public async Task A_user_with_permission_for_the_URL_gets_the_metrics()
    {
        var (code, body) = await GetAsync(_platform.User(TestUsers.Metrics).Token);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(body, Does.Contain("dotnet_"));
        }
    }

    [Test]
    public async Task A_permission_by_group_suffices_for_the_metrics() =>
        Assert.That((await GetAsync(_platform.AdminToken)).Code, Is.EqualTo(HttpStatusCode.OK));

    [Test]
    public async Task A_user_without_permission_gets_403()
    {
        var (code, body) = await GetAsync(_platform.User(TestUsers.Nobody).Token);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.EqualTo(HttpStatusCode.Forbidden));
            Assert.That(body, Does.StartWith("User \"nobody\" is not allowed to get /metrics"));
        }
    }

    [TestCase(null)]
    [TestCase("of-nobody-at-all")]
    public async Task An_unknown_user_gets_401(string? token)
    {
        using var answer = await SendAsync(_endpoints, token);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(answer.Headers.WwwAuthenticate.ToString(), Is.EqualTo("Bearer"));
        }
    }

    [TestCase(TestUsers.Metrics, 60, 1)]
    [TestCase(TestUsers.Nobody, 30, 1)]
    [TestCase(null, 10, 0)]
    public async Task Ten_scrapes_cost_one_review(string? user, int seconds, int accessReviews)
    {
        var mark = _platform.AuditLog.Mark();
        var token = user is null ? "of-nobody-at-all" : _platform.User(user).Token;
        for (var scrape = 0; scrape < 10; scrape++)
        {
            await GetAsync(token);
        }

        await Eventually.Async(() => Reviews(mark, "tokenreviews") > 0, "the review is in the log");
        await Eventually.Async(() => Reviews(mark, "subjectaccessreviews") >= accessReviews, "the other, too");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Reviews(mark, "tokenreviews"), Is.EqualTo(1));
            Assert.That(Reviews(mark, "subjectaccessreviews"), Is.EqualTo(accessReviews));
        }

        _time.Advance(TimeSpan.FromSeconds(seconds));
        await GetAsync(token);
        await Eventually.Async(() => Reviews(mark, "tokenreviews") == 2, "it is asked again in time");
    }

    [Test]
    public async Task Without_permission_for_reviews_metrics_are_forbidden_and_the_cause_is_logged_once()
    {
        var log = new LogLines<MetricsAccess>();
        var loggers = Mock.Of<ILoggerFactory>(factory => factory.CreateLogger(It.IsAny<string>()) == log);
        await using var endpoints = await RunningEndpoints.StartAsync(Options(TestUsers.Nobody), _time, loggers);
        for (var scrape = 0; scrape < 3; scrape++)
        {
            using var answer = await SendAsync(endpoints, _platform.User(TestUsers.Metrics).Token);
            using (Assert.EnterMultipleScope())
            {
                Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
                Assert.That(await answer.Content.ReadAsStringAsync(), Does.Not.Contain("tokenreviews"));
            }
        }

        Assert.That(log.Lines, Has.One.Contains("tokenreviews.authentication.k8s.io is forbidden"));
    }

    [Test]
    [Category("Worker")]
    public async Task The_Worker_serves_metrics_without_a_running_controller()
    {
        await using var world = await ProviderWorld.OnSharedServersAsync();
        await using var worker = world.StartWorker("--metrics-bind-address=127.0.0.1:0", "--format=text");
        var url = new Uri(await worker.UrlAsync("metrics"), "metrics");
        using var request = Request(url, _platform.User(TestUsers.Metrics).Token);
        using var answer = await _http.SendAsync(request);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    [Category("Worker")]
    public async Task The_Worker_serves_insecure_metrics_with_metrics_secure_false()
    {
        await using var world = await ProviderWorld.OnSharedServersAsync();
        await using var worker = world.StartWorker(
            "--metrics-bind-address=127.0.0.1:0", "--metrics-secure=false", "--health-probe-bind-address=0", "--format=text");
        var url = await worker.UrlAsync("metrics");
        using var answer = await _http.GetAsync(new Uri(url, "metrics"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(url.Scheme, Is.EqualTo("http"));
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(worker.Output, Has.None.Contains("health probes"));
        }
    }

    [Test]
    [Category("Worker")]
    public async Task The_Worker_exits_when_its_certificate_is_missing()
    {
        await using var world = await ProviderWorld.OnSharedServersAsync();
        await using var worker = world.StartWorker("--metrics-bind-address=127.0.0.1:0", "--metrics-cert-path=/does/not/exist");
        Assert.That(await worker.EndAsync(), Is.EqualTo(2));
        await worker.LogsAsync("/does/not/exist/tls.crt");
        Assert.That(worker.Output, Has.None.Contains("   at "));
    }

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    private ProviderOptions Options(string user)
    {
        _platform.WriteKubeconfig(_folder[user], user);
        return new ProviderOptions { MetricsBindAddress = "127.0.0.1:0", Kubeconfig = _folder[user] };
    }

    private int Reviews(long mark, string resource) => _platform.AuditLog.Since(mark)
        .Count(entry => entry.User == TestUsers.Provider && entry.Resource == resource && entry.Verb == "create");

    private async Task<(HttpStatusCode Code, string Body)> GetAsync(string token)
    {
        using var answer = await SendAsync(_endpoints, token);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<HttpResponseMessage> SendAsync(RunningEndpoints endpoints, string? token)
    {
        using var request = Request(endpoints.MetricsUrl, token);
        return await _http.SendAsync(request);
    }

    private static HttpRequestMessage Request(Uri url, string? token) => new(HttpMethod.Get, url)
    {
        Headers = { Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token) },
    };

    private static JsonObject Rule(string what, string name, string verb, string? group = null)
    {
        var rule = new JsonObject { [what] = new JsonArray(name), ["verbs"] = new JsonArray(verb) };
        if (group is not null)
        {
            rule["apiGroups"] = new JsonArray(group);
        }

        return rule;
    }

    private async Task GrantAsync(string role, string user, params JsonNode[] rules)
    {
        const string Group = "rbac.authorization.k8s.io";
        await _platform.Api.ApplyAsync(
            new ResourceKind(Group, "v1", "ClusterRole", "clusterroles", IsNamespaced: false),
            new JsonObject { ["metadata"] = new JsonObject { ["name"] = role }, ["rules"] = new JsonArray(rules) });
        await _platform.Api.ApplyAsync(
            new ResourceKind(Group, "v1", "ClusterRoleBinding", "clusterrolebindings", IsNamespaced: false),
            new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = role },
                ["roleRef"] = new JsonObject { ["apiGroup"] = Group, ["kind"] = "ClusterRole", ["name"] = role },
                ["subjects"] = new JsonArray(new JsonObject { ["apiGroup"] = Group, ["kind"] = "User", ["name"] = user }),
            });
    }
}
