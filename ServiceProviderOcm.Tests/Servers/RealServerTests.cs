using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Servers;

[Category("RealServer")]
[NonParallelizable]
public sealed class RealServerTests
{
    private static readonly ResourceKind ConfigMap = new("", "v1", "ConfigMap", "configmaps");
    private static readonly ResourceKind TokenReview =
        new("authentication.k8s.io", "v1", "TokenReview", "tokenreviews", IsNamespaced: false);

    private TestClusterSet _clusters = null!;

    [SetUp]
    public async Task Start_the_servers()
    {
        _clusters = await TestClusters.GetAsync();
        await _clusters.Platform.CleanAsync(ConfigMap);
    }

    [Test]
    public async Task Each_cluster_has_its_own_store()
    {
        await _clusters.Platform.Api.ApplyAsync(ConfigMap, Map("one", "1"));

        var there = await _clusters.Platform.Api.FindAsync(ConfigMap, new ObjectKey("default", "one"));
        var elsewhere = await _clusters.Mcp.Api.FindAsync(ConfigMap, new ObjectKey("default", "one"));

        Assert.That((there?.Name, elsewhere), Is.EqualTo(("one", (KubeObject?)null)));
    }

    [Test]
    public async Task Objects_are_applied_replaced_patched_listed_and_deleted()
    {
        var api = _clusters.Platform.Api;
        var key = new ObjectKey("default", "one");

        var applied = await api.ApplyAsync(ConfigMap, Map("one", "1"));
        var again = await api.ApplyAsync(ConfigMap, Map("one", "1"));
        Assert.That(again.ResourceVersion, Is.EqualTo(applied.ResourceVersion), "applying the same again does not change the object");

        var replaced = await api.ReplaceAsync(ConfigMap, KubeObject.From(With(again, "2")));
        Assert.That(replaced.Json.Text("data", "key"), Is.EqualTo("2"));

        var stale = await Assert.ThrowsAsync<KubernetesApiException>(() => api.ReplaceAsync(ConfigMap, KubeObject.From(With(again, "3"))));
        Assert.That(stale!.IsConflict, Is.True);

        var patched = await api.MergePatchAsync(ConfigMap, key, new JsonObject { ["data"] = new JsonObject { ["key"] = "4" } });
        Assert.That(patched.Json.Text("data", "key"), Is.EqualTo("4"));

        await api.ApplyAsync(ConfigMap, Map("two", "2"));
        var firstPage = await api.ListAsync(ConfigMap, new ListRequest("default", Limit: 1), CancellationToken.None);
        Assert.That((firstPage.Items.Count, string.IsNullOrEmpty(firstPage.Continue)), Is.EqualTo((1, false)));

        await api.DeleteAsync(ConfigMap, key);
        Assert.That(await api.FindAsync(ConfigMap, key), Is.Null);
    }

    [Test]
    public async Task Changes_are_watched()
    {
        var api = _clusters.Platform.Api;
        var start = await api.ListAsync(ConfigMap, new ListRequest("default"), CancellationToken.None);
        await api.ApplyAsync(ConfigMap, Map("one", "1"));
        await api.DeleteAsync(ConfigMap, new ObjectKey("default", "one"));

        var seen = await api
            .WatchAsync(ConfigMap, new WatchRequest(start.ResourceVersion, "default", null, null, TimeSpan.FromSeconds(30)), default)
            .Where(change => change.Type != WatchEventType.Bookmark)
            .Take(2)
            .ToListAsync();

        Assert.That(
            seen.Select(change => (change.Type, change.Subject.Name)),
            Is.EqualTo(new[] { (WatchEventType.Added, "one"), (WatchEventType.Deleted, "one") }));
    }

    [Test]
    public async Task A_watch_from_an_invalid_version_is_rejected()
    {
        var watch = _clusters.Platform.Api.WatchAsync(
            ConfigMap, new WatchRequest("not-a-version", "default", null, null, TimeSpan.FromSeconds(5)), default);

        var error = await Assert.ThrowsAsync<KubernetesApiException>(async () => await watch.FirstAsync());

        Assert.That(error!.Code, Is.GreaterThanOrEqualTo(400));
    }

    [Test]
    public async Task Cleaning_a_cluster_removes_objects_with_finalizers()
    {
        var map = Map("one", "1");
        map["metadata"]!["finalizers"] = new JsonArray("example.com/forever");
        await _clusters.Platform.Api.ApplyAsync(ConfigMap, map);

        await _clusters.Platform.CleanAsync(ConfigMap);

        var left = await _clusters.Platform.Api.ListAllAsync(ConfigMap);
        Assert.That(left.Where(subject => subject.Namespace != "kube-system"), Is.Empty);
    }

    [Test]
    public async Task Users_have_no_rights_but_those_given_to_them()
    {
        using var nobody = new TestKubernetesApi(_clusters.Platform, "nobody", _clusters.Platform.User(TestUsers.Nobody));

        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => nobody.ListAllAsync(ConfigMap));

        Assert.That((error!.Code, error.Reason), Is.EqualTo((403, "Forbidden")));
    }

    [Test]
    public async Task Tokens_are_reviewed()
    {
        var review = KubeObject.From(new JsonObject
        {
            ["apiVersion"] = TokenReview.ApiVersion,
            ["kind"] = TokenReview.Kind,
            ["spec"] = new JsonObject { ["token"] = _clusters.Platform.User(TestUsers.Tenant).Token },
        });

        var reviewed = await _clusters.Platform.Api.CreateAsync(TokenReview, review, CancellationToken.None);

        Assert.That(reviewed.Json.Text("status", "user", "username"), Is.EqualTo(TestUsers.Tenant));
    }

    [Test]
    public async Task Requests_are_counted_by_who_sent_them()
    {
        using var counted = new TestKubernetesApi(_clusters.Platform, "counted");
        var start = await counted.ListAsync(ConfigMap, new ListRequest("default"), CancellationToken.None);
        var mark = _clusters.Platform.AuditLog.Mark();
        var watch = counted
            .WatchAsync(ConfigMap, new WatchRequest(start.ResourceVersion, null, null, null, TimeSpan.FromMinutes(1)), default)
            .FirstAsync(change => change.Type == WatchEventType.Added, default);
        await counted.ApplyAsync(ConfigMap, Map("one", "1"));
        await counted.FindAsync(ConfigMap, new ObjectKey("default", "two"));
        await counted.ListAllAsync(ConfigMap);
        await watch;

        var entries = await Eventually.Async(
            () => Task.FromResult(_clusters.Platform.AuditLog.Since(mark).Where(entry => entry.UserAgent == "counted").ToList()),
            entries => entries.Count >= 4,
            "all requests are logged");

        Assert.That(
            entries.Select(entry => (entry.Verb, entry.Resource, entry.Name)),
            Is.EquivalentTo(
            [
                ("watch", "configmaps", ""),
                ("patch", "configmaps", "one"),
                ("get", "configmaps", "two"),
                ("list", "configmaps", ""),
            ]));
        Assert.That(entries.Single(entry => entry.Verb == "get").Code, Is.EqualTo(404));
    }

    [Test]
    public async Task A_restarted_server_keeps_its_port_and_its_objects()
    {
        await _clusters.Platform.Api.ApplyAsync(ConfigMap, Map("one", "1"));

        await _clusters.Platform.StopAsync();
        var down = await Assert.ThrowsAsync<KubernetesApiException>(() => _clusters.Platform.Api.ListAllAsync(ConfigMap));
        await _clusters.Platform.StartAsync(CancellationToken.None);

        Assert.That(down!.Code, Is.Zero);
        Assert.That(await _clusters.Platform.Api.FindAsync(ConfigMap, new ObjectKey("default", "one")), Is.Not.Null);
    }

    private static JsonObject Map(string name, string value) => new()
    {
        ["metadata"] = new JsonObject { ["namespace"] = "default", ["name"] = name },
        ["data"] = new JsonObject { ["key"] = value },
    };

    private static JsonObject With(KubeObject subject, string value)
    {
        var changed = JsonNode.Parse(subject.Json.GetRawText())!.AsObject();
        changed["data"] = new JsonObject { ["key"] = value };
        return changed;
    }
}
