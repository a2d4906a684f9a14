using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Connections;

namespace ServiceProviderOcm.Tests.Kubernetes.Informers;

[Category("RealServer")]
[NonParallelizable]
public sealed class RealInformerTests
{
    private static readonly ResourceKind Definition = new(
        "apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", IsNamespaced: false);

    private static readonly ResourceKind Fleeting = new("informer.example", "v1", "Fleeting", "fleetings");

    private TestCluster _cluster = null!;
    private RealApi? _real;

    [SetUp]
    public async Task Connect()
    {
        _cluster = (await TestClusters.GetAsync()).Platform;
        await _cluster.CleanAsync(ConfigMaps.Kind);
        _real = new RealApi(_cluster);
    }

    [TearDown]
    public async Task Disconnect()
    {
        _real?.Dispose();
        if (_cluster is not null)
        {
            await _cluster.Api.DeleteAsync(Definition, ObjectKey.ClusterScoped(Fleeting.QualifiedPlural));
        }
    }

    [Test]
    public async Task An_informer_delivers_changes_of_a_real_server()
    {
        await _cluster.Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Json("goes"));
        await _cluster.Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Json("changes", ("k", "1")));
        using var running = Start(ConfigMaps.Kind);
        await HasAsync(running, "changes=1 goes=");

        await _cluster.Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Json("changes", ("k", "2")));
        await _cluster.Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Json("comes", ("k", "3")));
        await _cluster.Api.DeleteAsync(ConfigMaps.Kind, ConfigMaps.Key("goes"));

        await HasAsync(running, "changes=2 comes=3");
    }

    [Test]
    public async Task An_informer_of_a_server_with_the_feature_WatchList_lists_by_its_watch()
    {
        await _cluster.Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Json("first", ("k", "1")));
        var mark = _cluster.AuditLog.Mark();
        using var running = Start(ConfigMaps.Kind);
        await HasAsync(running, "first=1");

        var reads = _cluster.AuditLog.Since(mark).Where(entry => entry is { Resource: "configmaps", IsList: true }).ToList();
        if (reads.Any(entry => entry.Verb == "list"))
        {
            Assert.Ignore("The server does not have the feature WatchList: the informer has sent a list.");
        }

        Assert.That(reads.Select(entry => (entry.Verb, entry.SendsInitialEvents)), Is.EqualTo([("watch", true)]));
    }

    [Test]
    public async Task An_informer_reads_objects_of_any_depth_that_the_server_stores()
    {
        const int Depth = 2_000;
        var deep = $"{string.Concat(Enumerable.Repeat("{\"f:a\":", Depth))}{{}}{new string('}', Depth)}";
        using var raw = new RawApi(_cluster);
        using var running = Start(ConfigMaps.Kind);
        await HasAsync(running, "");

        var created = await raw.PostAsync("/api/v1/namespaces/default/configmaps", Managed("deep", deep));
        await _cluster.Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Json("plain", ("k", "1")));

        Assert.That(created.Code, Is.EqualTo(201).Or.EqualTo(400));
        await HasAsync(running, created.Code == 201 ? "deep=1 plain=1" : "plain=1");
        using var again = Start(ConfigMaps.Kind);
        await HasAsync(again, created.Code == 201 ? "deep=1 plain=1" : "plain=1");

        static string Managed(string name, string fields) =>
            $$$"""{"metadata":{"name":"{{{name}}}","managedFields":[{"manager":"m","operation":"Update","apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":"""
            + $"{{\"f:data\":{fields}}}}}]}},\"data\":{{\"k\":\"1\"}}}}";
    }

    [Test]
    public async Task An_informer_of_metadata_receives_nothing_else()
    {
        await _cluster.Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Json("first", ("k", "1")));
        using var running = RealInformers.Factory().Start(
            _real!.Api, ConfigMaps.Kind, new WatchScope("default") { IsMetadataOnly = true }, _ => { }, () => { }, default);
        await HasAsync(running, "first=");

        await _cluster.Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Json("second", ("k", "2")));

        await HasAsync(running, "first= second=");
        Assert.That(running.Informer.Store.All.Select(item => item.Text("kind")), Is.All.EqualTo("ConfigMap"));
    }

    [Test]
    public async Task An_informer_survives_a_restart_of_the_server()
    {
        await _cluster.Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Json("stays"));
        await _cluster.Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Json("goes"));
        using var running = Start(ConfigMaps.Kind);
        await HasAsync(running, "goes= stays=");

        await _cluster.StopAsync();
        await _cluster.StartAsync(default);
        await _cluster.Api.DeleteAsync(ConfigMaps.Kind, ConfigMaps.Key("goes"));
        await _cluster.Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Json("comes"));

        await HasAsync(running, "comes= stays=");
        await Eventually.Async(
            () => running.Informer.State == new InformerState.Synced(), "all is well again");
    }

    [Test]
    public async Task An_informer_notices_when_a_kind_is_served_and_when_it_is_not()
    {
        using var running = Start(Fleeting);
        await Eventually.Async(() => running.Informer.State is { HasSynced: true, IsServed: false }, "the kind is not served");

        await InstallAsync();
        await Eventually.Async(() => running.Informer.State.IsServed, "the kind is served");
        await Eventually.Async(
            () => _cluster.Api.ApplyAsync(
                Fleeting, new JsonObject { ["metadata"] = new JsonObject { ["namespace"] = "default", ["name"] = "a" } }),
            _ => true,
            "objects can be written");
        await HasAsync(running, "a=");

        await _cluster.Api.DeleteAsync(Definition, ObjectKey.ClusterScoped(Fleeting.QualifiedPlural));
        await Eventually.Async(() => running.Informer.State is { HasSynced: true, IsServed: false }, "the kind is not served again");
        Assert.That(running.Informer.Store.All, Is.Empty);
    }

    private RunningInformer Start(ResourceKind kind) =>
        RealInformers.Factory().Start(_real!.Api, kind, new WatchScope("default"), _ => { }, () => { }, default);

    private static Task<string> HasAsync(RunningInformer running, string expected) => Eventually.Async(
        () => Task.FromResult(string.Join(' ', running.Informer.Store.All
            .Where(item => item.Name != "kube-root-ca.crt")
            .Select(item => $"{item.Name}={item.Json.Text("data", "k")}")
            .Order(StringComparer.Ordinal))),
        stored => stored == expected,
        expected);

    private Task<KubeObject> InstallAsync() => _cluster.Api.ApplyAsync(Definition, new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = Fleeting.QualifiedPlural },
        ["spec"] = new JsonObject
        {
            ["group"] = Fleeting.Group,
            ["scope"] = "Namespaced",
            ["names"] = new JsonObject { ["kind"] = Fleeting.Kind, ["plural"] = Fleeting.Plural },
            ["versions"] = new JsonArray(new JsonObject
            {
                ["name"] = "v1",
                ["served"] = true,
                ["storage"] = true,
                ["schema"] = new JsonObject { ["openAPIV3Schema"] = new JsonObject { ["type"] = "object" } },
            }),
        },
    });
}
