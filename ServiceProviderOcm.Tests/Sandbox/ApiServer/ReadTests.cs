using System.Text.Json;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Sandbox.ApiServer;

/// <summary>Get, list and watch, with selectors and representations.</summary>
[TestFixture(ServerUnderTest.OfTheRun, Category = "RealServer")]
[TestFixture(ServerUnderTest.Sandbox)]
public sealed class ReadTests(ServerUnderTest server) : ApiServerTests(server)
{
    private static readonly ResourceKind Thing = new("changing.example.com", "v1", "Change", "changes");

    // Without those that a server creates in each namespace.
    private const string Selected = "labelSelector=selected";

    private const string PartialMetadata = "application/json;g=meta.k8s.io;v=v1;as=PartialObjectMetadata";

    private string Maps => $"{Core}/configmaps";

    [SetUp]
    public async Task Create_ConfigMaps()
    {
        foreach (var (name, colour) in new[] { ("a", "red"), ("b", "green"), ("c", "blue"), ("d", "red") })
        {
            await Raw.PostAsync(Maps, $$$"""{"metadata":{"name":"{{{name}}}","labels":{"selected":"","colour":"{{{colour}}}"} } }""");
        }
    }

    [TestCase("colour=red", "a d")]
    [TestCase("selected,colour!=red", "b c")]
    [TestCase("colour in (green,blue)", "b c")]
    [TestCase("selected,colour notin (green,blue)", "a d")]
    [TestCase("colour", "a b c d")]
    [TestCase("selected,!colour", "")]
    [TestCase("colour=red,colour=green", "")]
    public async Task A_list_is_selected_by_labels(string selector, string expected)
    {
        var answer = await Raw.GetAsync($"{Maps}?labelSelector={Uri.EscapeDataString(selector)}");

        Assert.That(Names(answer), Is.EqualTo(expected));
    }

    [TestCase("metadata.name=b", "b")]
    [TestCase("metadata.name!=b", "a c d")]
    [TestCase("metadata.namespace=elsewhere", "")]
    public async Task A_list_is_selected_by_fields(string selector, string expected)
    {
        var answer = await Raw.GetAsync($"{Maps}?{Selected}&fieldSelector={Uri.EscapeDataString(selector)}");

        Assert.That(Names(answer), Is.EqualTo(expected));
    }

    [TestCase("labelSelector=a%3D%3D%3Db")]
    [TestCase("labelSelector=a%20in%20b")]
    [TestCase("fieldSelector=data.k%3Dv")]
    [TestCase("fieldSelector=nonsense")]
    [TestCase("continue=nonsense")]
    public async Task A_malformed_selector_or_continue_token_is_a_bad_request(string query)
    {
        var answer = await Raw.GetAsync($"{Maps}?{query}");

        Assert.That(answer.Error, Is.EqualTo((400, "BadRequest")), answer.Message);
    }

    [Test]
    public async Task Events_are_selected_by_the_object_that_they_are_about()
    {
        await Raw.PostAsync(
            $"{Core}/events", $$$"""{"metadata":{"name":"e"},"involvedObject":{"kind":"Secret","name":"a","namespace":"{{{Namespace}}}"}}""");

        var about = await Raw.GetAsync($"{Core}/events?fieldSelector=involvedObject.name%3Da%2CinvolvedObject.kind%3DSecret");
        var others = await Raw.GetAsync($"{Core}/events?fieldSelector=involvedObject.name%3Db");

        Assert.That((Names(about), Names(others)), Is.EqualTo(("e", "")));
    }

    [Test]
    public async Task All_pages_of_a_list_have_the_same_resourceVersion()
    {
        var first = await Raw.GetAsync($"{Maps}?{Selected}&limit=2");
        await Raw.DeleteAsync($"{Maps}/c");
        await Raw.PostAsync(Maps, """{"metadata":{"name":"e","labels":{"selected":""}}}""");
        var second = await Raw.GetAsync($"{Maps}?{Selected}&limit=5&continue={first.Body.Text("metadata", "continue")}");

        Assert.That((Names(first), Names(second)), Is.EqualTo(("a b", "c d")));
        Assert.That(second.Body.Text("metadata", "continue"), Is.Null.Or.Empty);
        Assert.That(second.Body.Text("metadata", "resourceVersion"), Is.EqualTo(first.Body.Text("metadata", "resourceVersion")));
    }

    [Test]
    public async Task A_watch_sends_the_changes_since_a_resourceVersion()
    {
        var version = (await Raw.GetAsync(Maps)).Body.Text("metadata", "resourceVersion");
        await Raw.PatchAsync($"{Maps}/a", """{"data":{"k":"v"}}""", RawApi.Merge);
        await Raw.PatchAsync($"{Maps}/a", """{"metadata":{"labels":{"colour":"green"}}}""", RawApi.Merge);
        await Raw.PatchAsync($"{Maps}/b", """{"metadata":{"labels":{"colour":"red"}}}""", RawApi.Merge);
        await Raw.DeleteAsync($"{Maps}/d");

        var seen = await Raw.WatchAsync($"{Maps}?watch=true&resourceVersion={version}&labelSelector=colour%3Dred&timeoutSeconds=20")
            .Take(4).ToListAsync();

        Assert.That(
            seen.Select(change => (change.Type, change.Subject.Text("metadata", "name"))),
            Is.EqualTo(new[] { ("MODIFIED", "a"), ("DELETED", "a"), ("ADDED", "b"), ("DELETED", "d") }));
        Assert.That(
            seen.Select(change => long.Parse(change.Subject.Text("metadata", "resourceVersion")!)),
            Is.Ordered.Ascending,
            "a deletion has a resourceVersion, too");
    }

    [Test]
    public async Task A_watch_from_resourceVersion_0_starts_with_the_present_objects()
    {
        var seen = await Raw.WatchAsync($"{Maps}?watch=true&resourceVersion=0&{Selected}&timeoutSeconds=20").Take(4).ToListAsync();

        Assert.That(seen.Select(change => $"{change.Type} {change.Subject.Text("metadata", "name")}").Order(), Is.EqualTo(
            ["ADDED a", "ADDED b", "ADDED c", "ADDED d"]));
    }

    [Test]
    public async Task A_watch_can_begin_with_the_present_objects_and_a_bookmark_that_ends_them()
    {
        const string Initial = "watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=20";
        await RequireWatchListAsync();

        var seen = await Raw.WatchAsync($"{Maps}?{Initial}&{Selected}").Take(5).ToListAsync();

        Assert.That(seen.Take(4).Select(change => $"{change.Type} {change.Subject.Text("metadata", "name")}").Order(), Is.EqualTo(
            ["ADDED a", "ADDED b", "ADDED c", "ADDED d"]));
        Assert.That(
            (seen[4].Type, seen[4].Subject.Text("kind"), seen[4].Subject.Text("metadata", "annotations", "k8s.io/initial-events-end")),
            Is.EqualTo(("BOOKMARK", "ConfigMap", "true")));
    }

    [TestCase("sendInitialEvents=true")]
    [TestCase("resourceVersionMatch=NotOlderThan")]
    [TestCase("sendInitialEvents=true&resourceVersionMatch=Exact")]
    public async Task Other_combinations_of_the_parameters_of_initial_events_are_rejected(string parameters)
    {
        await RequireWatchListAsync();

        var answer = await Raw.GetAsync($"{Maps}?watch=true&timeoutSeconds=1&{parameters}");

        Assert.That(answer.Code, Is.EqualTo(422));
    }

    [Test]
    public async Task A_server_without_the_feature_WatchList_rejects_its_parameters()
    {
        await using var old = new SandboxCluster("old", TestUsers.All(), hasWatchList: false);
        await old.StartAsync(default);
        using var raw = new RawApi(old);

        var answer = await raw.GetAsync("/api/v1/namespaces?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan");

        Assert.That((answer.Code, answer.Body.Text("message")), Is.EqualTo(
            (422, "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch")));
    }

    [Test]
    public async Task A_watch_is_selected_by_name()
    {
        var version = (await Raw.GetAsync(Maps)).Body.Text("metadata", "resourceVersion");
        await Raw.PatchAsync($"{Maps}/a", """{"data":{"k":"v"}}""", RawApi.Merge);
        await Raw.PatchAsync($"{Maps}/b", """{"data":{"k":"v"}}""", RawApi.Merge);

        var seen = await Raw
            .WatchAsync($"{Maps}?watch=true&resourceVersion={version}&fieldSelector=metadata.name%3Db&timeoutSeconds=20")
            .FirstAsync();

        Assert.That(seen.Subject.Text("metadata", "name"), Is.EqualTo("b"));
    }

    [Test]
    public async Task A_watch_ends_without_error_when_the_definition_of_its_kind_changes()
    {
        await Cluster.InstallCrdsAsync([ThingDefinition.Of(Thing)]);
        var version = (await Raw.GetAsync($"{In(Thing.ApiVersion)}/changes")).Body.Text("metadata", "resourceVersion");
        await using var watch = Raw.WatchAsync(
            $"{In(Thing.ApiVersion)}/changes?watch=true&resourceVersion={version}&timeoutSeconds=60").GetAsyncEnumerator();
        await Cluster.Api.ApplyAsync(
            Thing, new JsonObject { ["metadata"] = new JsonObject { ["namespace"] = Namespace, ["name"] = "opened" } });
        Assert.That(await watch.MoveNextAsync(), Is.True, "the watch is open");

        var more = ThingDefinition.Of(Thing);
        more["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!["properties"]!["name"] =
            new JsonObject { ["type"] = "string" };
        await Cluster.InstallCrdsAsync([more]);

        Assert.That(await watch.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30)), Is.False, "the watch has ended");
    }

    [TestCase("secrets", "Name Type Data Age")]
    [TestCase("configmaps", "Name Data Age")]
    [TestCase("coordination.k8s.io/v1/leases", "Name Holder Age")]
    public async Task A_table_has_the_columns_of_its_kind(string path, string columns)
    {
        var split = path.LastIndexOf('/');
        var table = await Raw.GetAsync(
            split < 0 ? $"{Core}/{path}" : $"{In(path[..split])}/{path[(split + 1)..]}", "application/json;as=Table;v=v1;g=meta.k8s.io");

        Assert.That(string.Join(' ', table.Body.Items("columnDefinitions").Select(column => column.Text("name"))), Is.EqualTo(columns));
    }

    [Test]
    public async Task A_list_can_be_of_metadata_alone()
    {
        var all = await Raw.GetAsync($"{Maps}?{Selected}", $"{PartialMetadata}List");
        var first = await Raw.GetAsync($"{Maps}?{Selected}&limit=1", $"{PartialMetadata}List");
        var second = await Raw.GetAsync(
            $"{Maps}?{Selected}&limit=1&continue={first.Body.Text("metadata", "continue")}", $"{PartialMetadata}List");

        Assert.That(
            (all.Body.Text("kind"), all.Body.Text("apiVersion"), Names(all)),
            Is.EqualTo(("PartialObjectMetadataList", "meta.k8s.io/v1", "a b c d")));
        Assert.That((Names(first), Names(second)), Is.EqualTo(("a", "b")));
        Assert.That(
            all.Body.Items("items").Select((JsonElement item) => string.Join(' ', item.EnumerateObject().Select(field => field.Name).Order())),
            Is.All.EqualTo("apiVersion kind metadata"));
        Assert.That(
            all.Body.Items("items").Select((JsonElement item) => item.Text("metadata", "labels", "colour")),
            Is.EqualTo(["red", "green", "blue", "red"]));
    }

    [Test]
    public async Task An_object_can_be_read_as_metadata_alone()
    {
        await Raw.PatchAsync($"{Maps}/a", """{"data":{"k":"v"}}""", RawApi.Merge);

        var answer = await Raw.GetAsync($"{Maps}/a", PartialMetadata);

        Assert.That(
            (answer.Body.Text("kind"), answer.Body.Text("metadata", "name"), answer.Body.At("data")),
            Is.EqualTo(("PartialObjectMetadata", "a", (JsonElement?)null)));
    }

    [Test]
    public async Task A_watch_can_be_of_metadata_alone()
    {
        var version = (await Raw.GetAsync(Maps)).Body.Text("metadata", "resourceVersion");
        await Raw.PatchAsync($"{Maps}/a", """{"data":{"k":"v"}}""", RawApi.Merge);

        var (type, subject) = await Raw
            .WatchAsync($"{Maps}?watch=true&resourceVersion={version}&timeoutSeconds=20", PartialMetadata).FirstAsync();

        Assert.That(
            (type, subject.Text("kind"), subject.Text("metadata", "name"), subject.At("data")),
            Is.EqualTo(("MODIFIED", "PartialObjectMetadata", "a", (JsonElement?)null)));
    }

    [Test]
    public async Task An_object_or_resource_that_does_not_exist_is_not_found()
    {
        var missing = await Raw.GetAsync($"{Maps}/missing");
        var unserved = await Raw.GetAsync($"{Core}/nothings");

        Assert.That((missing.Error, missing.Message), Is.EqualTo(((404, "NotFound"), "configmaps \"missing\" not found")));
        Assert.That((unserved.Error, unserved.Message), Is.EqualTo(((404, "NotFound"), "the server could not find the requested resource")));
    }

    private static string Names(RawAnswer answer) =>
        string.Join(' ', answer.Body.Items("items").Select((JsonElement item) => item.Text("metadata", "name")));

    private async Task RequireWatchListAsync()
    {
        var answer = await Raw.GetAsync($"{Maps}?watch=true&sendInitialEvents=true&resourceVersionMatch=Exact");
        if (answer.Body.Text("message")!.Contains("is forbidden for watch", StringComparison.Ordinal))
        {
            Assert.Ignore("The server does not have the feature WatchList.");
        }
    }
}
