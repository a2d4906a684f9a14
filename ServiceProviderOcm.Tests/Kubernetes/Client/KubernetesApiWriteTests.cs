using System.Text.Json;
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
public sealed class KubernetesApiWriteTests
{
    private TestCluster _cluster = null!;
    private RealApi? _real;

    private KubernetesApi Api => _real!.Api;

    [SetUp]
    public async Task Connect()
    {
        _cluster = (await TestClusters.GetAsync()).Platform;
        await _cluster.InstallCrdsAsync("clusterrequests");
        await _cluster.CleanAsync(ConfigMaps.Kind, PlatformKinds.ClusterRequest, Kinds.Event);
        _real = new RealApi(_cluster);
    }

    [TearDown]
    public void Disconnect() => _real?.Dispose();

    [Test]
    public async Task Applying_creates_changes_and_removes()
    {
        var created = await Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Manifest("a", ("stays", "1"), ("goes", "1")), isForced: true, default);
        var again = await Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Manifest("a", ("stays", "1"), ("goes", "1")), isForced: true, default);
        var changed = await Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Manifest("a", ("stays", "2")), isForced: true, default);

        Assert.That(again.ResourceVersion, Is.EqualTo(created.ResourceVersion));
        Assert.That(changed.Uid, Is.EqualTo(created.Uid));
        Assert.That(changed.Json.TextMap("data"), Is.EqualTo(new Dictionary<string, string> { ["stays"] = "2" }));
    }

    [Test]
    public async Task A_forced_apply_takes_over_its_fields_and_leaves_those_of_others()
    {
        await _cluster.Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Json("a", ("wanted", "theirs"), ("else", "theirs")));

        var applied = await Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Manifest("a", ("wanted", "mine")), isForced: true, default);

        Assert.That(
            applied.Json.TextMap("data"), Is.EquivalentTo(new Dictionary<string, string> { ["wanted"] = "mine", ["else"] = "theirs" }));
        Assert.That((Owned(applied), Foreign(applied)), Is.EqualTo(("data.wanted", "data.else")));
    }

    [Test]
    public async Task An_apply_without_force_takes_no_fields_from_others()
    {
        var theirs = await _cluster.Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Json("a", ("wanted", "theirs")));

        var error = await Assert.ThrowsAsync<KubernetesApiException>(
            () => Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Manifest("a", ("wanted", "mine")), isForced: false, default));

        Assert.That(error!.IsConflict);
        Assert.That((await Api.GetAsync(ConfigMaps.Kind, theirs.Key, default)).ResourceVersion, Is.EqualTo(theirs.ResourceVersion));
    }

    [Test]
    public async Task A_field_that_two_managers_apply_alike_belongs_to_both()
    {
        await _cluster.Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Json("a", ("k", "same")));

        var applied = await Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Manifest("a", ("k", "same")), isForced: true, default);

        Assert.That((Owned(applied), Foreign(applied)), Is.EqualTo(("data.k", "data.k")));
    }

    [Test]
    public async Task Fields_that_others_write_are_foreign()
    {
        var created = await _cluster.Api.CreateAsync(ConfigMaps.Kind, ConfigMaps.Manifest("a", ("k", "v")), default);
        await _cluster.Api.MergePatchAsync(ConfigMaps.Kind, created.Key, ConfigMaps.Patch(("more", "v")));

        var read = await Api.GetAsync(ConfigMaps.Kind, created.Key, default);

        Assert.That((Owned(read), Foreign(read)), Is.EqualTo(("", "data.k data.more")));
    }

    [Test]
    public async Task Fields_that_the_field_manager_did_not_apply_are_foreign()
    {
        var created = await Api.CreateAsync(ConfigMaps.Kind, ConfigMaps.Manifest("a", ("created", "v"), ("both", "v")), default);

        var applied = await Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Manifest("a", ("applied", "v"), ("both", "v")), isForced: true, default);

        Assert.That((Owned(created), Foreign(created)), Is.EqualTo(("", "data.both data.created")));
        Assert.That((Owned(applied), Foreign(applied)), Is.EqualTo(("data.applied data.both", "data.both data.created")));
    }

    [Test]
    public async Task Writes_carry_the_field_manager()
    {
        await Api.CreateAsync(ConfigMaps.Kind, ConfigMaps.Manifest("a", ("created", "v")), default);
        await Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Manifest("a", ("applied", "v")), isForced: true, default);
        await Api.MergePatchAsync(ConfigMaps.Kind, ConfigMaps.Key(), Json(ConfigMaps.Patch(("patched", "v"))), null, default);

        var raw = await _cluster.Api.GetAsync(ConfigMaps.Kind, ConfigMaps.Key(), default);

        Assert.That(
            raw.Json.Items("metadata", "managedFields").Select(entry => (entry.Text("manager"), entry.Text("operation"))),
            Is.EquivalentTo(new[] { ("service-provider-ocm", "Apply"), ("service-provider-ocm", "Update") }));
    }

    [Test]
    public async Task Applying_does_not_remove_what_was_only_patched()
    {
        await Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Manifest("a", ("k", "v")), isForced: true, default);
        await Api.MergePatchAsync(ConfigMaps.Kind, ConfigMaps.Key(), Json(ConfigMaps.Patch(("patched", "v"))), null, default);

        var applied = await Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Manifest("a", ("k", "v")), isForced: true, default);

        Assert.That((Owned(applied), Foreign(applied)), Is.EqualTo(("data.k", "data.patched")));
    }

    [Test]
    public async Task The_status_is_patched_by_its_subresource()
    {
        var request = await _cluster.Api.ApplyAsync(PlatformKinds.ClusterRequest, new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = "default", ["name"] = "a" },
            ["spec"] = new JsonObject { ["purpose"] = "mcp" },
        });
        var patch = new JsonObject
        {
            ["spec"] = new JsonObject { ["purpose"] = "ignored" },
            ["status"] = new JsonObject { ["phase"] = "Granted", ["observedGeneration"] = 1 },
        };

        var patched = await Api.MergePatchAsync(PlatformKinds.ClusterRequest, request.Key, Json(patch), "status", default);

        Assert.That(
            (patched.Json.Text("status", "phase"), patched.Json.Text("spec", "purpose"), patched.Generation),
            Is.EqualTo(("Granted", "mcp", request.Generation)));
        Assert.That((Owned(patched), Foreign(patched)), Is.EqualTo(("", "spec.purpose")), "who wrote the status does not matter");
    }

    [Test]
    public async Task A_patch_of_an_older_version_is_a_conflict()
    {
        var old = await Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Manifest("a", ("k", "1")), isForced: true, default);
        var patch = ConfigMaps.Patch(("k", "2"));
        patch["metadata"] = new JsonObject { ["resourceVersion"] = old.ResourceVersion };
        await Api.MergePatchAsync(ConfigMaps.Kind, old.Key, Json(patch), null, default);

        var error = await Assert.ThrowsAsync<KubernetesApiException>(
            () => Api.MergePatchAsync(ConfigMaps.Kind, old.Key, Json(patch), null, default));

        Assert.That((error!.Code, error.Reason, error.IsConflict), Is.EqualTo((409, "Conflict", true)));
    }

    [Test]
    public async Task A_deleted_object_is_gone()
    {
        var created = await Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Manifest("a"), isForced: true, default);

        var deleted = await Api.DeleteAsync(ConfigMaps.Kind, created.Key, new DeleteRequest(created.Uid), default);
        var again = await Assert.ThrowsAsync<KubernetesApiException>(
            () => Api.DeleteAsync(ConfigMaps.Kind, created.Key, new DeleteRequest(), default));

        Assert.That(deleted, Is.Null);
        Assert.That(again!.IsNotFound);
    }

    [Test]
    public async Task Another_object_of_the_name_is_not_deleted()
    {
        await Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Manifest("a"), isForced: true, default);

        var error = await Assert.ThrowsAsync<KubernetesApiException>(
            () => Api.DeleteAsync(ConfigMaps.Kind, ConfigMaps.Key(), new DeleteRequest("another"), default));

        Assert.That((error!.Code, error.IsConflict), Is.EqualTo((409, true)));
        Assert.That(await _cluster.Api.FindAsync(ConfigMaps.Kind, ConfigMaps.Key()), Is.Not.Null);
    }

    [Test]
    public async Task A_version_that_is_not_the_newest_is_not_deleted()
    {
        var first = await Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Manifest("a"), isForced: true, default);
        var second = await Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Manifest("a", ("key", "2")), isForced: true, default);

        var error = await Assert.ThrowsAsync<KubernetesApiException>(
            () => Api.DeleteAsync(ConfigMaps.Kind, first.Key, new DeleteRequest(first.Uid, first.ResourceVersion), default));
        await Api.DeleteAsync(ConfigMaps.Kind, first.Key, new DeleteRequest(first.Uid, second.ResourceVersion), default);

        Assert.That((error!.Code, error.IsConflict), Is.EqualTo((409, true)));
        Assert.That(await _cluster.Api.FindAsync(ConfigMaps.Kind, ConfigMaps.Key()), Is.Null);
    }

    [Test]
    public async Task An_object_that_waits_for_its_finalizers_is_returned()
    {
        var manifest = ConfigMaps.Json("a");
        manifest["metadata"]!["finalizers"] = new JsonArray("example.com/wait");
        await _cluster.Api.ApplyAsync(ConfigMaps.Kind, manifest);

        var waiting = await Api.DeleteAsync(ConfigMaps.Kind, ConfigMaps.Key(), new DeleteRequest(), default);

        Assert.That(waiting!.IsBeingDeleted);
        Assert.That(waiting.Finalizers.Single(), Is.EqualTo("example.com/wait"));
    }

    [Test]
    public async Task Events_are_created()
    {
        var created = await Api.CreateAsync(
            Kinds.Event,
            KubeObject.From(new JsonObject
            {
                ["apiVersion"] = Kinds.Event.ApiVersion,
                ["kind"] = "Event",
                ["metadata"] = new JsonObject { ["namespace"] = "default", ["generateName"] = "a-" },
                ["regarding"] = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["namespace"] = "default", ["name"] = "a" },
                ["reason"] = "Tested",
                ["note"] = "it works",
                ["type"] = "Normal",
                ["action"] = "Test",
                ["reportingController"] = "test",
                ["reportingInstance"] = "test",
                ["eventTime"] = "2026-01-01T00:00:00.000000Z",
            }),
            default);

        var events = await _cluster.Api.ListAllAsync(Kinds.Event, "default");
        Assert.That(events.Select(item => (item.Name, item.Json.Text("reason"))), Is.EqualTo(new[] { (created.Name, "Tested") }));
    }

    [Test]
    public async Task An_existing_object_is_not_created_again()
    {
        await Api.CreateAsync(ConfigMaps.Kind, ConfigMaps.Manifest("a"), default);

        var error = await Assert.ThrowsAsync<KubernetesApiException>(
            () => Api.CreateAsync(ConfigMaps.Kind, ConfigMaps.Manifest("a"), default));

        Assert.That((error!.Code, error.Reason, error.Message), Is.EqualTo((409, "AlreadyExists", "configmaps \"a\" already exists")));
    }

    [Test]
    public async Task An_invalid_object_is_rejected()
    {
        var error = await Assert.ThrowsAsync<KubernetesApiException>(
            () => Api.CreateAsync(ConfigMaps.Kind, ConfigMaps.Manifest("Not a name"), default));

        Assert.That((error!.Code, error.Reason), Is.EqualTo((422, "Invalid")));
        Assert.That(error.Message, Does.Contain("metadata.name"));
    }

    [Test]
    public async Task Writes_without_permission_are_forbidden()
    {
        using var nobody = new RealApi(_cluster, TestUsers.Nobody);

        var error = await Assert.ThrowsAsync<KubernetesApiException>(
            () => nobody.Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Manifest("a"), isForced: true, default));

        Assert.That((error!.Code, error.Reason), Is.EqualTo((403, "Forbidden")));
    }

    private static string Owned(KubeObject subject) => Fields(subject.Ownership.Applied);

    private static string Foreign(KubeObject subject) => Fields(subject.Ownership.Foreign);

    private static string Fields(IReadOnlyList<IReadOnlyList<string>> fields) =>
        string.Join(' ', fields.Select(path => string.Join('.', path)).Order(StringComparer.Ordinal));

    private static JsonElement Json(JsonObject json) => KubeObject.From(json).Json;
}
