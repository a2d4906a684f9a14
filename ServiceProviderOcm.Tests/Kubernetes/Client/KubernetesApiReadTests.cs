using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Connections;

namespace ServiceProviderOcm.Tests.Kubernetes.Client;

[Category("RealServer")]
[NonParallelizable]
public sealed class KubernetesApiReadTests
{
    private static readonly ResourceKind Unknown = new("nobody.example", "v1", "Thing", "things");

    private static readonly string[] PagesOfTwo = ["ab", "cd", "e"];

    private TestCluster _cluster = null!;
    private RealApi? _real;

    private KubernetesApi Api => _real!.Api;

    [SetUp]
    public async Task Connect()
    {
        _cluster = (await TestClusters.GetAsync()).Platform;
        await _cluster.CleanAsync(ConfigMaps.Kind);
        _real = new RealApi(_cluster);
    }

    [TearDown]
    public void Disconnect() => _real?.Dispose();

    [Test]
    public async Task One_object_is_read()
    {
        await _cluster.Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Json("a", ("k", "v")));

        var read = await Api.GetAsync(ConfigMaps.Kind, ConfigMaps.Key(), default);

        Assert.That((read.Key, read.Json.Text("data", "k"), read.Json.Text("kind")), Is.EqualTo((ConfigMaps.Key(), "v", "ConfigMap")));
        Assert.That((read.Uid, read.ResourceVersion), Is.Not.EqualTo(("", "")));
    }

    [Test]
    public async Task Missing_objects_and_kinds_are_not_found()
    {
        foreach (var request in (Func<Task>[])
            [
                () => Api.GetAsync(ConfigMaps.Kind, ConfigMaps.Key(), default),
                () => Api.GetAsync(Unknown, ConfigMaps.Key(), default),
                () => Api.ListAsync(Unknown, new ListRequest(), default),
                () => Api.ListAsync(PlatformKinds.Repository with { Group = "nobody.example" }, new ListRequest("default"), default),
                async () => await Api.WatchAsync(Unknown, Watch("1"), default).FirstAsync(),
                () => Api.ApplyAsync(Unknown, ConfigMaps.Manifest("a"), isForced: true, default),
            ])
        {
            var error = await Assert.ThrowsAsync<KubernetesApiException>(() => request());
            Assert.That((error!.Code, error.Reason, error.IsNotFound), Is.EqualTo((404, "NotFound", true)));
        }
    }

    [Test]
    public async Task Lists_are_read_page_by_page()
    {
        foreach (var name in (string[])["a", "b", "c", "d", "e"])
        {
            await _cluster.Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Json(name));
        }

        List<ListPage> pages = [];
        string? next = null;
        do
        {
            pages.Add(await Api.ListAsync(ConfigMaps.Kind, new ListRequest("default", Limit: 2, Continue: next), default));
            next = pages[^1].Continue;
        }
        while (next is not null);

        Assert.That(
            pages.Select(page => string.Concat(page.Items.Select(item => item.Name))), Is.EqualTo(PagesOfTwo));
        Assert.That(pages.Select(page => page.ResourceVersion).Distinct().Count(), Is.EqualTo(1));
    }

    [TestCase(null, "metadata.name=b", "b")]
    [TestCase("l in (x)", null, "a")]
    [TestCase("!l", null, "b")]
    [TestCase("l=x,l=y", null, "")]
    public async Task A_list_is_limited_by_its_selectors(string? labels, string? fields, string expected)
    {
        var labelled = ConfigMaps.Json("a");
        labelled["metadata"]!["labels"] = new JsonObject { ["l"] = "x" };
        await _cluster.Api.ApplyAsync(ConfigMaps.Kind, labelled);
        await _cluster.Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Json("b"));

        var page = await Api.ListAsync(ConfigMaps.Kind, new ListRequest("default", labels, fields), default);

        Assert.That(string.Join(',', page.Items.Select(item => item.Name)), Is.EqualTo(expected));
    }

    [Test]
    public async Task A_watch_resumes_where_another_ended()
    {
        var start = (await Api.ListAsync(ConfigMaps.Kind, new ListRequest("default"), default)).ResourceVersion;
        await _cluster.Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Json("a", ("k", "1")));
        await _cluster.Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Json("a", ("k", "2")));
        await _cluster.Api.DeleteAsync(ConfigMaps.Kind, ConfigMaps.Key());

        var first = await ChangesAsync(start).FirstAsync();
        var others = await ChangesAsync(first.Subject.ResourceVersion).Take(2).ToListAsync();

        Assert.That((first.Type, first.Subject.Json.Text("data", "k")), Is.EqualTo((WatchEventType.Added, "1")));
        Assert.That(
            others.Select(change => (change.Type, change.Subject.Json.Text("data", "k"))),
            Is.EqualTo(new[] { (WatchEventType.Modified, "2"), (WatchEventType.Deleted, "2") }));
    }

    [Test]
    public async Task A_watch_without_events_ends_without_an_error_at_its_timeout()
    {
        var start = (await Api.ListAsync(ConfigMaps.Kind, new ListRequest("default"), default)).ResourceVersion;

        var events = await Api.WatchAsync(ConfigMaps.Kind, Watch(start) with { Timeout = TimeSpan.FromSeconds(1) }, default).ToListAsync();

        Assert.That(events.Select(change => change.Type), Is.All.EqualTo(WatchEventType.Bookmark));
    }

    [Test]
    public async Task A_version_from_before_the_servers_start_is_gone()
    {
        var old = (await Api.ListAsync(ConfigMaps.Kind, new ListRequest("default"), default)).ResourceVersion;
        await _cluster.Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Json("a"));
        await _cluster.StopAsync();
        await _cluster.StartAsync(default);

        var error = await Assert.ThrowsAsync<KubernetesApiException>(async () => await ChangesAsync(old).FirstAsync());

        Assert.That((error!.Code, error.IsGone, error.IsTransient), Is.EqualTo((410, true, false)));
    }

    [Test]
    public async Task Reads_without_permission_are_forbidden()
    {
        using var nobody = new RealApi(_cluster, TestUsers.Nobody);

        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => nobody.Api.ListAsync(Kinds.Secret, new ListRequest("default"), default));

        Assert.That((error!.Code, error.Reason), Is.EqualTo((403, "Forbidden")));
        Assert.That(error.Message, Does.Contain("\"nobody\" cannot list resource \"secrets\""));
    }

    [Test]
    public async Task Managed_fields_are_left_out_of_objects()
    {
        var manifest = ConfigMaps.Json("a", ("k", "v"));
        manifest["metadata"]!["annotations"] = new JsonObject
        {
            ["kubectl.kubernetes.io/last-applied-configuration"] = "{}",
            ["other"] = "stays",
        };
        await _cluster.Api.ApplyAsync(ConfigMaps.Kind, manifest);

        var read = await Api.GetAsync(ConfigMaps.Kind, ConfigMaps.Key(), default);
        var listed = await Api.ListAsync(ConfigMaps.Kind, new ListRequest("default"), default);

        Assert.That(listed.Items, Has.Count.EqualTo(1));
        foreach (var seen in listed.Items.Append(read))
        {
            Assert.That(seen.Json.GetRawText(), Does.Not.Contain("managedFields").And.Not.Contain("last-applied"));
            Assert.That(seen.Annotations, Is.EqualTo(new Dictionary<string, string> { ["other"] = "stays" }));
            Assert.That(seen.Ownership.Foreign.Select(path => string.Join('.', path)).Single(), Is.EqualTo("data.k"));
        }
    }

    private static WatchRequest Watch(string version) => new(version, "default", null, null, TimeSpan.FromMinutes(1));

    private IAsyncEnumerable<WatchEvent> ChangesAsync(string version) => Api
        .WatchAsync(ConfigMaps.Kind, Watch(version), default)
        .Where(change => change.Type != WatchEventType.Bookmark);
}
