using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Connections;

namespace ServiceProviderOcm.Tests.Sandbox.ApiServer;

/// <summary>Behaviour that no test covers on both kinds of servers.</summary>
public sealed class SandboxServerTests : SandboxFixture
{
    private static readonly ResourceKind Thing = new("example.com", "v1", "Thing", "things");
    private static readonly ResourceKind CoreEvent = new("", "v1", "Event", "events");

    [Test]
    public async Task A_request_with_an_unknown_token_is_unauthorized()
    {
        using var http = Cluster.CreateHttpClient(Cluster.Admin, "test");
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "unknown");

        using var api = await http.GetAsync(new Uri("api", UriKind.Relative));
        using var health = await http.GetAsync(new Uri("readyz", UriKind.Relative));

        Assert.That((api.StatusCode, health.StatusCode), Is.EqualTo((HttpStatusCode.Unauthorized, HttpStatusCode.OK)));
    }

    [Test]
    public async Task Creating_an_object_in_a_namespace_that_does_not_exist_fails()
    {
        var error = await FailsAsync(() => Cluster.Api.ApplyAsync(ConfigMaps.Kind, new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = "nowhere", ["name"] = "a" },
        }));

        Assert.That((error.Code, error.Message), Is.EqualTo((404, "namespaces \"nowhere\" not found")));
    }

    [Test]
    public async Task A_deleted_namespace_is_removed_when_its_contents_have_no_finalizers_left()
    {
        await Cluster.Api.ApplyAsync(Kinds.Namespace, new JsonObject { ["metadata"] = new JsonObject { ["name"] = "goes" } });
        var held = new JsonObject { ["namespace"] = "goes", ["name"] = "held", ["finalizers"] = new JsonArray("example.com/hold") };
        await Cluster.Api.ApplyAsync(ConfigMaps.Kind, new JsonObject { ["metadata"] = held });
        await Cluster.Api.ApplyAsync(
            ConfigMaps.Kind, new JsonObject { ["metadata"] = new JsonObject { ["namespace"] = "goes", ["name"] = "free" } });

        await Cluster.Api.DeleteAsync(Kinds.Namespace, ObjectKey.ClusterScoped("goes"));
        var left = await Cluster.Api.ListAllAsync(ConfigMaps.Kind, "goes");
        var late = await FailsAsync(() => Cluster.Api.ApplyAsync(
            ConfigMaps.Kind, new JsonObject { ["metadata"] = new JsonObject { ["namespace"] = "goes", ["name"] = "late" } }));
        await Cluster.Api.MergePatchAsync(
            ConfigMaps.Kind, new ObjectKey("goes", "held"), new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } });

        Assert.That(left.Select(map => (map.Name, map.IsBeingDeleted)), Is.EqualTo(new[] { ("held", true) }));
        Assert.That(late.Code, Is.EqualTo(403));
        Assert.That(await Cluster.Api.FindAsync(Kinds.Namespace, ObjectKey.ClusterScoped("goes")), Is.Null);
    }

    [Test]
    public async Task Deleting_a_definition_deletes_the_objects_of_its_kind()
    {
        await DefineAsync();
        await Cluster.Api.ApplyAsync(Thing, Named("a"));

        await Cluster.Api.DeleteAsync(Kinds.CustomResourceDefinition, ObjectKey.ClusterScoped(Thing.QualifiedPlural));
        await DefineAsync();

        Assert.That(await Cluster.Api.ListAllAsync(Thing), Is.Empty);
    }

    [Test]
    public async Task A_stored_version_cannot_be_removed_from_a_definition()
    {
        await DefineAsync("v1");

        var error = await FailsAsync(() => DefineAsync("v2"));

        Assert.That((error.Code, error.Message), Is.EqualTo((
            422,
            "CustomResourceDefinition.apiextensions.k8s.io \"things.example.com\" is invalid: status.storedVersions[0]: "
                + "Invalid value: \"v1\": missing from spec.versions; must appear")));
    }

    [Test]
    public async Task Strict_field_validation_rejects_unknown_fields()
    {
        await DefineAsync();
        using var raw = new RawApi(Cluster);

        var answer = await raw.PostAsync(
            "apis/example.com/v1/namespaces/default/things?fieldValidation=Strict",
            """{"apiVersion":"example.com/v1","kind":"Thing","metadata":{"name":"a"},"spec":{"colour":"red"}}""");

        Assert.That(answer.Error, Is.EqualTo((400, "BadRequest")));
        Assert.That(answer.Message, Is.EqualTo("strict decoding error: unknown field \"spec.colour\""));
    }

    [Test]
    public async Task A_dry_run_is_not_supported()
    {
        using var raw = new RawApi(Cluster);

        var answer = await raw.PostAsync("api/v1/namespaces/default/configmaps?dryRun=All", """{"metadata":{"name":"a"}}""");

        Assert.That(answer.Error, Is.EqualTo((400, "BadRequest")));
    }

    [Test]
    public async Task Only_changes_of_the_desired_state_increment_the_generation()
    {
        await DefineAsync();
        var created = await Cluster.Api.ApplyAsync(Thing, Sized(1));
        var labelled = await Cluster.Api.MergePatchAsync(
            Thing, created.Key, new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["l"] = "v" } } });
        var reported = await Cluster.Api.UpdateStatusAsync(Thing, created.Key, new JsonObject { ["ok"] = true });
        var changed = await Cluster.Api.ApplyAsync(Thing, Sized(2));

        Assert.That(
            (created.Generation, labelled.Generation, reported.Generation, changed.Generation), Is.EqualTo((1, 1, 1, 2)));
        Assert.That(changed.Json.At("status", "ok"), Is.Not.Null, "the status stays");
    }

    [Test]
    public async Task An_Event_is_served_in_both_groups()
    {
        await Cluster.Api.ApplyAsync(Kinds.Event, new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = "default", ["name"] = "example" },
            ["note"] = "it works",
            ["regarding"] = new JsonObject { ["name"] = "a" },
        });

        var core = await Cluster.Api.GetAsync(CoreEvent, new ObjectKey("default", "example"), default);

        Assert.That((core.Json.Text("message"), core.Json.Text("involvedObject", "name")), Is.EqualTo(("it works", "a")));
    }

    [Test]
    public async Task A_continue_token_of_a_compacted_resourceVersion_has_expired()
    {
        await Cluster.Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Json("a"));
        await Cluster.Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Json("b"));
        var first = await Cluster.Api.ListAsync(ConfigMaps.Kind, new ListRequest("default", Limit: 1), default);
        await Cluster.Api.ApplyAsync(ConfigMaps.Kind, ConfigMaps.Json("c"));
        var second = await Cluster.Api.ListAsync(ConfigMaps.Kind, new ListRequest("default", Limit: 5, Continue: first.Continue), default);
        Cluster.Compact();

        var error = await FailsAsync(
            () => Cluster.Api.ListAsync(ConfigMaps.Kind, new ListRequest("default", Limit: 1, Continue: first.Continue), default));

        Assert.That(second.Items.Single().Name, Is.EqualTo("b"), "all pages have the same resourceVersion");
        Assert.That((error.Code, error.Reason), Is.EqualTo((410, "Expired")));
    }

    [Test]
    public async Task A_watch_sends_DELETED_for_an_object_that_its_selector_no_longer_matches()
    {
        var start = (await Cluster.Api.ListAsync(ConfigMaps.Kind, new ListRequest("default"), default)).ResourceVersion;
        foreach (var value in (string[])["in", "out", "in"])
        {
            var map = ConfigMaps.Json("a");
            map["metadata"]!["labels"] = new JsonObject { ["l"] = value };
            await Cluster.Api.ApplyAsync(ConfigMaps.Kind, map);
        }

        var seen = await Cluster.Api
            .WatchAsync(ConfigMaps.Kind, new WatchRequest(start, "default", "l=in", null, TimeSpan.FromMinutes(1)), default)
            .Take(3)
            .ToListAsync();

        Assert.That(
            seen.Select(change => change.Type),
            Is.EqualTo(new[] { WatchEventType.Added, WatchEventType.Deleted, WatchEventType.Added }));
        Assert.That(seen[1].Subject.Labels["l"], Is.EqualTo("in"), "as it was when it last matched");
    }

    [Test]
    public async Task A_watch_sends_a_bookmark_before_it_times_out()
    {
        var start = (await Cluster.Api.ListAsync(ConfigMaps.Kind, new ListRequest("default"), default)).ResourceVersion;
        await Cluster.Api.ApplyAsync(Kinds.Namespace, new JsonObject { ["metadata"] = new JsonObject { ["name"] = "elsewhere" } });

        var seen = await Cluster.Api
            .WatchAsync(ConfigMaps.Kind, new WatchRequest(start, "default", null, null, TimeSpan.FromSeconds(1)), default)
            .ToListAsync();

        Assert.That(seen.Select(change => change.Type), Is.EqualTo(new[] { WatchEventType.Bookmark }));
        Assert.That(seen[0].Subject.ResourceVersion, Is.Not.EqualTo(start), "the resourceVersion of the whole store");
    }

    private static async Task<KubernetesApiException> FailsAsync(Func<Task> request) =>
        (await Assert.ThrowsAsync<KubernetesApiException>(() => request()))!;

    private static JsonObject Named(string name) =>
        new() { ["metadata"] = new JsonObject { ["namespace"] = "default", ["name"] = name } };

    private static JsonObject Sized(int size)
    {
        var thing = Named("a");
        thing["spec"] = new JsonObject { ["size"] = size };
        return thing;
    }

    private Task<KubeObject> DefineAsync(string version = "v1") =>
        Cluster.Api.ApplyAsync(Kinds.CustomResourceDefinition, ThingDefinition.Of(Thing, version));
}
