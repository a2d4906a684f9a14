using System.Diagnostics;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Connections;

namespace ServiceProviderOcm.Tests.Sandbox.ApiServer;

/// <summary>Fault injection.</summary>
public sealed class ServerFaultTests()
    : SandboxFixture(bookmarkInterval: TimeSpan.FromMilliseconds(20))
{
    [Test]
    public async Task The_next_ten_writes_fail_and_no_read()
    {
        Cluster.Faults.Fail(10, 429, retryAfter: TimeSpan.FromSeconds(7));

        for (var write = 0; write < 10; write++)
        {
            var error = await FailsAsync(WriteAsync);
            Assert.That((error.Code, error.Reason), Is.EqualTo((429, "TooManyRequests")));
            Assert.That(await Cluster.Api.ListAllAsync(ConfigMaps.Kind), Is.Empty);
        }

        Assert.That((await WriteAsync()).Name, Is.EqualTo("a"));
    }

    [Test]
    public async Task An_error_has_a_Retry_After_header()
    {
        Cluster.Faults.Fail(1, 503, retryAfter: TimeSpan.FromSeconds(7));
        using var http = Cluster.CreateHttpClient(Cluster.Admin, "test");
        using var empty = new StringContent("{}");

        using var answer = await http.PostAsync(new Uri("api/v1/namespaces/default/configmaps", UriKind.Relative), empty);

        Assert.That(((int)answer.StatusCode, answer.Headers.RetryAfter?.Delta), Is.EqualTo((503, TimeSpan.FromSeconds(7))));
    }

    [Test]
    public async Task A_write_whose_answer_is_dropped_is_stored()
    {
        Cluster.Faults.DropAnswers(1);

        var error = await FailsAsync(WriteAsync);

        Assert.That(error.Code, Is.Zero);
        Assert.That(await Cluster.Api.FindAsync(ConfigMaps.Kind, ConfigMaps.Key()), Is.Not.Null);
    }

    [Test]
    public async Task A_request_is_delayed()
    {
        Cluster.Faults.Delay(1, TimeSpan.FromMilliseconds(200));
        var clock = Stopwatch.StartNew();

        await WriteAsync();

        Assert.That(clock.Elapsed, Is.GreaterThanOrEqualTo(TimeSpan.FromMilliseconds(199)));
    }

    [Test]
    public async Task Faults_can_be_limited_to_requests_and_a_user()
    {
        await Cluster.GrantAsync(TestUsers.Tenant, "everything", AllOf("configmaps"));
        using var tenant = new TestKubernetesApi(Cluster, "tenant", Cluster.User(TestUsers.Tenant));
        Cluster.Faults.Fail(1, 500, request => request.Verb == "list", user: TestUsers.Tenant);

        await Cluster.Api.ListAllAsync(ConfigMaps.Kind);
        await tenant.FindAsync(ConfigMaps.Kind, ConfigMaps.Key());
        var error = await FailsAsync(() => tenant.ListAllAsync(ConfigMaps.Kind));

        Assert.That(error.Code, Is.EqualTo(500));
    }

    [Test]
    public async Task Faults_can_be_removed()
    {
        Cluster.Faults.Fail(10, 500);
        Cluster.Faults.Clear();

        Assert.That((await WriteAsync()).Name, Is.EqualTo("a"));
    }

    [Test]
    public async Task The_watches_of_one_kind_are_aborted_and_can_be_resumed()
    {
        var start = (await Cluster.Api.ListAsync(ConfigMaps.Kind, new ListRequest("default"), default)).ResourceVersion;
        await WriteAsync();
        await using var maps = Watch(ConfigMaps.Kind, start).GetAsyncEnumerator();
        await using var secrets = Watch(Kinds.Secret, start).GetAsyncEnumerator();
        await maps.MoveNextAsync();

        Cluster.Faults.CutWatches(ConfigMaps.Kind.Plural);
        var error = await FailsAsync(async () =>
        {
            // Bookmarks may come before.
            while (await maps.MoveNextAsync())
            {
            }
        });
        var again = await Watch(ConfigMaps.Kind, start).FirstAsync();
        await Cluster.Api.ApplyAsync(Kinds.Secret, new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = "default", ["name"] = "s" },
        });
        await secrets.MoveNextAsync();

        Assert.That((error.Code, again.Subject.Name, secrets.Current.Subject.Name), Is.EqualTo((0, "a", "s")));
    }

    [Test]
    public async Task A_watch_from_a_compacted_resourceVersion_has_expired()
    {
        var start = (await Cluster.Api.ListAsync(ConfigMaps.Kind, new ListRequest("default"), default)).ResourceVersion;
        await WriteAsync();
        Cluster.Compact();

        var error = await FailsAsync(async () => await Watch(ConfigMaps.Kind, start).FirstAsync());

        Assert.That((error.Code, error.Reason), Is.EqualTo((410, "Expired")));
    }

    [Test]
    public async Task A_restart_keeps_the_objects_and_drops_the_history()
    {
        var start = (await Cluster.Api.ListAsync(ConfigMaps.Kind, new ListRequest("default"), default)).ResourceVersion;
        await WriteAsync();

        await Cluster.StopAsync();
        await Cluster.StartAsync(default);

        Assert.That((await FailsAsync(async () => await Watch(ConfigMaps.Kind, start).FirstAsync())).Code, Is.EqualTo(410));
        Assert.That(await Cluster.Api.FindAsync(ConfigMaps.Kind, ConfigMaps.Key()), Is.Not.Null);
    }

    [Test]
    public async Task A_server_whose_port_is_in_use_fails_to_start_and_can_be_started_later()
    {
        await Cluster.StopAsync();
        var port = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, Cluster.Url.Port);
        port.Start();

        Assert.That(() => Cluster.StartAsync(default), Throws.InstanceOf<IOException>());
        port.Stop();
        await Cluster.StartAsync(default);

        Assert.That((await WriteAsync()).Name, Is.EqualTo("a"));
    }

    [Test]
    public async Task An_idle_watch_gets_bookmarks_with_the_latest_resourceVersion()
    {
        var start = (await Cluster.Api.ListAsync(ConfigMaps.Kind, new ListRequest("default"), default)).ResourceVersion;
        var last = (await Cluster.Api.ApplyAsync(Kinds.Secret, new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = "default", ["name"] = "s" },
        })).ResourceVersion;

        var seen = await Watch(ConfigMaps.Kind, start).FirstAsync(change => change.Subject.ResourceVersion == last);

        Assert.That(seen.Type, Is.EqualTo(WatchEventType.Bookmark));
    }

    private static JsonArray AllOf(string resource) => new(new JsonObject
    {
        ["apiGroups"] = new JsonArray(""),
        ["resources"] = new JsonArray(resource),
        ["verbs"] = new JsonArray("*"),
    });

    private static async Task<KubernetesApiException> FailsAsync(Func<Task> request) =>
        (await Assert.ThrowsAsync<KubernetesApiException>(() => request()))!;

    private Task<KubeObject> WriteAsync() => Cluster.Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Json("a"));

    private IAsyncEnumerable<WatchEvent> Watch(ResourceKind kind, string version) =>
        Cluster.Api.WatchAsync(kind, new WatchRequest(version, "default", null, null, TimeSpan.FromMinutes(1)), default);
}
